import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import type { Draft } from "./draft.ts";
import { observableType } from "./observable_types.ts";
import { type FindObject, Observables } from "./observables.ts";
import { itemsOf } from "./paths.ts";
import { safeName } from "./safe_name.ts";

/** Reads observed data, and keeps track of the observables that events contain in full. */
export class ObservedData {
  readonly #find: FindObject;
  readonly #observables: Observables;
  readonly #collector: InstanceCollector;
  readonly #drafts = new Map<Fields, readonly Draft[]>();
  readonly #contained = new Set<Fields>();

  constructor(find: FindObject, observables: Observables, collector: InstanceCollector) {
    this.#find = find;
    this.#observables = observables;
    this.#collector = collector;
  }

  /** The observables of an observed-data object. */
  draftObserved(data: Fields): readonly Draft[] {
    const known = this.#drafts.get(data);
    if (known !== undefined) return known;
    const drafts = [
      ...this.#draftEmbedded(data["objects"]),
      ...this.draftReferenced(data, "object_refs"),
    ];
    this.#drafts.set(data, drafts);
    return drafts;
  }

  /** STIX 2.0 embeds observables in observed data; they refer to one another by their keys. */
  #draftEmbedded(objects: Value | undefined): readonly Draft[] {
    if (!isFields(objects)) return [];
    const byKey = new Map(Object.entries(objects));
    const find = (key: string) => {
      const object = byKey.get(key);
      return isFields(object) ? object : undefined;
    };
    const observables = new Observables(find, this.#collector);
    return [...byKey.values()].flatMap((object) => {
      if (isFields(object)) return observables.draft(object) ?? [];
      this.#collector.skip("malformed observed-data.objects");
      return [];
    });
  }

  /** The observables to which a property of an object refers. */
  draftReferenced(object: Fields, property: string): readonly Draft[] {
    return itemsOf(object[property]).flatMap((id) => {
      const found = typeof id === "string" ? this.#find(id) : undefined;
      if (found === undefined) {
        this.#collector.skip(`unresolved ${safeName(object["type"])}.${property}`);
        return [];
      }
      // Relationships may be among the observables; they become events of their own.
      if (observableType(found["type"]) === undefined) return [];
      this.#recordContained(found);
      return this.#observables.draft(found) ?? [];
    });
  }

  #recordContained(observable: Fields): void {
    if (this.#contained.has(observable)) return;
    this.#contained.add(observable);
    for (const other of this.#observables.referencedBy(observable)) {
      if (!this.#observables.hasReferences(other)) this.#contained.add(other);
    }
  }

  /** Records that the distinctive attributes of an observable are part of an event. */
  recordEndpoint(observable: Fields): void {
    const draft = this.#observables.draft(observable);
    // An observable of several attributes has more to it than its distinctive attributes.
    if (draft !== undefined && "data" in draft) this.#contained.add(observable);
  }

  /** Tells whether events contain everything that is known about an observable. */
  isContained(observable: Fields): boolean {
    return this.#contained.has(observable);
  }
}
