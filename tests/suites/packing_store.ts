import { packInstances } from "../../lib/packed/packed_instances.ts";
import type { Instance } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";

/** A store that packs what is put into it, so that tests of `put` are tests of `putPacked`. */
export function packingStore(store: InstanceStore): InstanceStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === "put") {
        return (instances: readonly Instance[]) => target.putPacked(packInstances(instances));
      }
      if (name === "atomically") {
        return <T>(work: (store: InstanceStore) => Promise<T>) =>
          target.atomically((inside) => work(packingStore(inside)));
      }
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
