import type { Event } from "../../../lib/tahoe/instance.ts";
import { parseJson } from "../../../lib/tahoe/json.ts";
import type { FilterResult, UploadSource } from "../../../lib/typetags/filter.ts";
import { STIX_FILTER } from "../../../lib/typetags/stix.ts";

export type StixObject = { readonly type: string; readonly [property: string]: unknown };

export const SOURCE: UploadSource = { orgid: "org", timestamp: 1_700_000_000 };

/** The time at which most samples were created. */
export const CREATED = "2024-03-01T12:00:00.250Z";
export const CREATED_SECONDS = 1_709_294_400.25;

/** An id of a type; equal numbers give equal ids. */
export function stixId(type: string, number = 1): string {
  return `${type}--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** Reads a bundle of objects with the filter. */
export function readObjects(...objects: readonly StixObject[]): FilterResult {
  return readText(JSON.stringify({ type: "bundle", id: stixId("bundle"), objects }));
}

/** Reads JSON with the filter as if it were an upload. */
export function readText(text: string): FilterResult {
  return STIX_FILTER.read(parseJson(text), SOURCE);
}

/**
 * The only event of a sub-type.
 *
 * @throws {Error} When there are none or several.
 */
export function onlyEvent({ events }: FilterResult, subType: string): Event {
  const found = events.filter((event) => event.sub_type === subType);
  if (found.length !== 1) {
    throw new Error(`Expected one event ${subType}, got ${found.length}`);
  }
  return found[0]!;
}

/** The attributes and objects with some hashes, as `sub_type=data` and `object sub_type`. */
export function markedIn({ instances }: FilterResult, refs: readonly string[]): readonly string[] {
  return instances.filter(({ _hash }) => refs.includes(_hash))
    .map((instance) =>
      instance.itype === "attribute"
        ? `${instance.sub_type}=${instance.data}`
        : `${instance.itype} ${instance.sub_type}`
    ).sort();
}
