import type { Attribute } from "../../tahoe/instance.ts";
import type { StixObject } from "./extension.ts";
import { observable } from "./observable.ts";

/** Observables of a bundle in the order of their arrival, each of them once. */
export class ObservableSet {
  readonly #byId = new Map<string, StixObject>();
  readonly #attributes = new Map<string, Attribute>();

  get all(): readonly StixObject[] {
    return [...this.#byId.values()];
  }

  /** The first attribute of each, by the observable's id. */
  get attributes(): ReadonlyMap<string, Attribute> {
    return this.#attributes;
  }

  /** Adds the observable of an attribute; returns its id. */
  add(attribute: Attribute): string {
    const added = observable(attribute);
    if (!this.#byId.has(added.id)) {
      this.#byId.set(added.id, added);
      this.#attributes.set(added.id, attribute);
    }
    return added.id;
  }

  /** Adds those of several attributes; returns their ids, each of them once. */
  addAll(attributes: readonly Attribute[]): string[] {
    return [...new Set(attributes.map((attribute) => this.add(attribute)))];
  }
}
