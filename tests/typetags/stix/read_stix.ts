import type { Event } from "../../../lib/tahoe/instance.ts";
import { parseJson } from "../../../lib/tahoe/json.ts";
import type { FilterResult, UploadSource } from "../../../lib/typetags/filter.ts";
import { stix } from "../../../lib/typetags/stix.ts";

export type StixObject = { readonly type: string; readonly [property: string]: unknown };

export const SENT: UploadSource = { orgid: "org", timestamp: 1_700_000_000 };

/** The time most samples were created at. */
export const CREATED = "2024-03-01T12:00:00.250Z";
export const CREATED_SECONDS = 1_709_294_400.25;

/** An id of a type; equal numbers give equal ids. */
export function stixId(type: string, number = 1): string {
  return `${type}--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** What the filter makes of a bundle of these objects. */
export function readObjects(...objects: readonly StixObject[]): FilterResult {
  return readText(JSON.stringify({ type: "bundle", id: stixId("bundle"), objects }));
}

/** What the filter makes of JSON, read as an upload is. */
export function readText(text: string): FilterResult {
  return stix.read(parseJson(text), SENT);
}

/** The only event of a sub-type. Throws if there is another number of them. */
export function onlyEvent({ events }: FilterResult, subType: string): Event {
  const found = events.filter((event) => event.sub_type === subType);
  if (found.length !== 1) throw new Error(`${found.length} events ${subType}`);
  return found[0]!;
}

/** Attributes and objects that an event marks as malicious or benign, as `sub_type=data`. */
export function marked({ instances }: FilterResult, refs: readonly string[]): readonly string[] {
  return instances.filter(({ _hash }) => refs.includes(_hash))
    .map((instance) =>
      instance.itype === "attribute"
        ? `${instance.sub_type}=${instance.data}`
        : `${instance.itype} ${instance.sub_type}`
    ).sort();
}
