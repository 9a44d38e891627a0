import { Rejected } from "../../errors.ts";
import { writeJson } from "../../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { objectOf, recordsOf } from "../records.ts";
import { readTime } from "../time.ts";
import { observableType } from "./observable_types.ts";
import { itemsOf } from "./paths.ts";
import { safeName } from "./safe_name.ts";

/** The objects of an upload, in an order that is not that in which they came. */
export type BundleIndex = {
  /** Of several versions the latest; observables have none. */
  readonly objects: readonly Fields[];
  readonly byId: ReadonlyMap<string, Fields>;
};

/**
 * Reads bundles and objects: one, an array, or one on each line.
 *
 * Throws Rejected EVENTS_INVALID if the data is neither, EVENTS_REJECTED if no line can be read.
 */
export function readBundle(data: Value, collector: InstanceCollector): BundleIndex {
  const found: Fields[] = [];
  collector.records(recordsOf(data), (record, collector) => {
    for (const object of objectsIn(record, collector)) found.push(object);
  });
  return sorted(found, collector);
}

function objectsIn(record: Value, collector: InstanceCollector): readonly Fields[] {
  const object = objectOf(record);
  // JSON that is too large for a document in canonical form comes as text.
  const fields = object &&
    (objectOf(object["type"] === undefined ? object["data"] : object) ?? object);
  if (typeof fields?.["type"] !== "string") {
    throw new Rejected("EVENTS_INVALID", "Neither a STIX bundle nor a STIX object");
  }
  return fields["type"] === "bundle" ? membersOf(fields, collector) : [fields];
}

function membersOf(bundle: Fields, collector: InstanceCollector): readonly Fields[] {
  const members = itemsOf(bundle["objects"]);
  const objects = members.filter((member) => isFields(member));
  if (objects.length < members.length) {
    collector.skip("what is no object", members.length - objects.length);
  }
  return objects;
}

function sorted(found: readonly Fields[], collector: InstanceCollector): BundleIndex {
  const groups = Map.groupBy(found, (object) => idOf(object) ?? writeJson(object));
  const byId = new Map<string, Fields>();
  const objects: Fields[] = [];
  for (const [id, group] of [...groups].sort(([one], [other]) => one < other ? -1 : 1)) {
    const versions = group.length === 1 ? group : distinct(group);
    const [latest, ...others] = versions;
    byId.set(id, latest!);
    objects.push(latest!);
    for (const other of others) {
      if (observableType(other["type"]) !== undefined) objects.push(other);
      else collector.skip(`older ${safeName(other["type"])}`);
    }
  }
  return { objects, byId };
}

/** An object's id, if it has one. */
export function idOf(object: Fields): string | undefined {
  return typeof object["id"] === "string" ? object["id"] : undefined;
}

/** Different objects, the latest first. */
function distinct(group: readonly Fields[]): readonly Fields[] {
  const texts = new Map(group.map((object) => [writeJson(object), object]));
  return [...texts].map(([text, object]) => ({ text, object, time: modified(object) }))
    .sort((one, other) => other.time - one.time || (one.text < other.text ? 1 : -1))
    .map(({ object }) => object);
}

function modified({ modified }: Fields): number {
  return (typeof modified === "string" ? readTime(modified) : undefined) ?? -Infinity;
}
