import { v5 } from "uuid";
import { CREATED, EXTENSION, IDENTITY, propertyExtension, type StixObject } from "./extension.ts";
import { isoTime } from "./iso_time.ts";

/** Namespace of the ids that are not of observables: STIX reserves its own namespace for those. */
const NAMESPACE = "b605cf70-eb95-4c4a-9120-27d45e151117";

export type StixBundle = {
  readonly type: "bundle";
  readonly id: string;
  /** Missing if there are no objects, because STIX does not allow empty lists. */
  readonly objects?: readonly StixObject[];
};

/** An object of ours before it gets its id and times. */
export type StixDraft = {
  readonly type: string;
  /** Identifies the object among those of its type. */
  readonly name: readonly string[];
  readonly properties: { readonly [name: string]: unknown };
  /** Properties that STIX does not have. */
  readonly extension?: { readonly [name: string]: unknown };
};

export type BundleContent = {
  readonly observables: readonly StixObject[];
  readonly drafts: readonly StixDraft[];
  /** When the report was made, in seconds since 1970. */
  readonly timestamp: number;
};

/** Builds a bundle. Drafts of the same type and name become one object, the last of them. */
export function buildBundle({ observables, drafts, timestamp }: BundleContent): StixBundle {
  const finished = drafts.map((draft) => finishDraft(draft, timestamp));
  const objects = new Map(finished.map((object) => [object.id, object]));
  const members = [...observables, ...objects.values()];
  const id = stixId("bundle", members.map((member) => member.id));
  if (members.length === 0) return { type: "bundle", id };
  return { type: "bundle", id, objects: [IDENTITY, EXTENSION, ...members] };
}

/** Makes an object of a draft, as it was at a time in seconds since 1970. */
export function finishDraft(
  { type, name, properties, extension }: StixDraft,
  timestamp: number,
): StixObject {
  const reported = isoTime(timestamp);
  // An object cannot change before it was created, whatever the clock of the report's host says.
  const modified = reported < CREATED ? CREATED : reported;
  return {
    type,
    spec_version: "2.1",
    id: stixId(type, name),
    created_by_ref: IDENTITY.id,
    created: CREATED,
    modified,
    ...properties,
    ...(extension !== undefined && propertyExtension(extension)),
  };
}

/** Computes the id of the object with this type and name, which is the same in every export. */
export function stixId(type: string, name: readonly string[]): string {
  return `${type}--${v5(JSON.stringify([type, ...name]), NAMESPACE)}`;
}
