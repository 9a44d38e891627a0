import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { observableType } from "./observable_types.ts";
import { type Find, Observables } from "./observables.ts";
import { itemsOf } from "./paths.ts";
import { safeName } from "./safe_name.ts";
import type { Draft } from "./draft.ts";

/** Reads what was observed, and keeps in mind which observables are part of that. */
export class ObservedData {
  readonly #find: Find;
  readonly #observables: Observables;
  readonly #collector: InstanceCollector;
  readonly #read = new Map<Fields, readonly Draft[]>();
  readonly #covered = new Set<Fields>();

  constructor(find: Find, observables: Observables, collector: InstanceCollector) {
    this.#find = find;
    this.#observables = observables;
    this.#collector = collector;
  }

  /** The observables in an observed-data object. */
  in(data: Fields): readonly Draft[] {
    const known = this.#read.get(data);
    if (known !== undefined) return known;
    const read = [...this.#inside(data["objects"]), ...this.referred(data, "object_refs")];
    this.#read.set(data, read);
    return read;
  }

  /** STIX 2.0 keeps observables inside, and lets them refer to one another by their keys. */
  #inside(objects: Value | undefined): readonly Draft[] {
    if (!isFields(objects)) return [];
    const byKey = new Map(Object.entries(objects));
    const find = (key: string) => {
      const object = byKey.get(key);
      return isFields(object) ? object : undefined;
    };
    const observables = new Observables(find, this.#collector);
    return [...byKey.values()].flatMap((object) => {
      if (isFields(object)) return observables.read(object) ?? [];
      this.#collector.skip("malformed observed-data.objects");
      return [];
    });
  }

  /** The observables a property of an object refers to. */
  referred(object: Fields, property: string): readonly Draft[] {
    return itemsOf(object[property]).flatMap((id) => {
      const found = typeof id === "string" ? this.#find(id) : undefined;
      if (found === undefined) {
        this.#collector.skip(`unresolved ${safeName(object["type"])}.${property}`);
        return [];
      }
      // Relationships may stand among the observables: they are events of their own.
      if (observableType(found["type"]) === undefined) return [];
      this.#cover(found);
      return this.#observables.read(found) ?? [];
    });
  }

  #cover(observable: Fields): void {
    if (this.#covered.has(observable)) return;
    this.#covered.add(observable);
    for (const other of this.#observables.referred(observable)) {
      if (!this.#observables.refers(other)) this.#covered.add(other);
    }
  }

  /** Notes that an event holds an observable of one attribute. */
  note(observable: Fields): void {
    const sketch = this.#observables.read(observable);
    if (sketch !== undefined && "data" in sketch) this.#covered.add(observable);
  }

  /** Whether events hold all that there is of an observable. */
  covers(observable: Fields): boolean {
    return this.#covered.has(observable);
  }
}
