import { v5 } from "uuid";
import type { Attribute } from "../../../tahoe/instance.ts";
import { CREATED, EXTENSION, IDENTITY, type StixObject } from "./extension.ts";
import { isoTime } from "./iso_time.ts";
import { observable } from "./observable.ts";

/** Of ids that are no observables': STIX keeps its own namespace for these. */
const NAMESPACE = "b605cf70-eb95-4c4a-9120-27d45e151117";

export type StixBundle = {
  readonly type: "bundle";
  readonly id: string;
  /** STIX knows no empty lists. */
  readonly objects?: readonly StixObject[];
};

/** Collects what is to be in a bundle; equal things come into it once. */
export class BundleBuilder {
  readonly #modified: string;
  readonly #observables = new Map<string, StixObject>();
  readonly #objects = new Map<string, StixObject>();

  /** `timestamp`: when the report was made, in seconds since 1970. */
  constructor(timestamp: number) {
    const modified = isoTime(timestamp);
    // An object cannot have changed before it was made, whatever the clock of the report's host.
    this.#modified = modified < CREATED ? CREATED : modified;
  }

  /** Ids of the observables, in the order in which they came. */
  get observables(): readonly string[] {
    return [...this.#observables.keys()];
  }

  /** Takes an attribute in; returns the id of the observable it became. */
  observe(attribute: Attribute): string {
    const made = observable(attribute);
    if (!this.#observables.has(made.id)) this.#observables.set(made.id, made);
    return made.id;
  }

  /** Adds an object of ours, known by `name` among those of its type; returns its id. */
  add(
    type: string,
    name: readonly string[],
    properties: { readonly [name: string]: unknown },
  ): string {
    const id = idOf(type, name);
    this.#objects.set(id, {
      type,
      spec_version: "2.1",
      id,
      created_by_ref: IDENTITY.id,
      created: CREATED,
      modified: this.#modified,
      ...properties,
    });
    return id;
  }

  bundle(): StixBundle {
    const found = [...this.#observables.values(), ...this.#objects.values()];
    const id = idOf("bundle", found.map((object) => object.id));
    if (found.length === 0) return { type: "bundle", id };
    return { type: "bundle", id, objects: [IDENTITY, EXTENSION, ...found] };
  }
}

/** The id of what has this name; the same one in every export. */
export function idOf(type: string, name: readonly string[]): string {
  return `${type}--${v5(JSON.stringify([type, ...name]), NAMESPACE)}`;
}
