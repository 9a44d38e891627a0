import { errorMessage, Rejected } from "../../errors.ts";
import { writeJson } from "../../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { parseFields, splitDamaged, unparsedText } from "../records.ts";
import { parseObject } from "../storable_json.ts";
import { readTime } from "../time.ts";
import { observableType } from "./observable_types.ts";
import { itemsOf } from "./paths.ts";
import { REFERRED } from "./referred.ts";
import { safeName } from "./safe_name.ts";

/** The objects of an upload, in an order that does not depend on the order in which they came. */
export type BundleIndex = {
  /** The latest version of each object. Observables have no versions, so all of them are here. */
  readonly objects: readonly Fields[];
  /** Objects of which other parts of a larger bundle make events. */
  readonly referred: readonly Fields[];
  /** Whether it is part of a larger bundle; what becomes events may be in other parts. */
  readonly isPart: boolean;
  /** Objects by id; one that has none is under undefined, where no reference finds it. */
  readonly byId: ReadonlyMap<string | undefined, Fields>;
};

/**
 * Reads bundles, the envelopes in which TAXII servers send objects, and objects: one, an array, or
 * one per line.
 *
 * @throws {Rejected} EVENTS_INVALID when the data is neither, EVENTS_REJECTED when none of its lines
 * can be read.
 */
export function readBundle(data: Value, collector: InstanceCollector): BundleIndex {
  const found: Fields[] = [];
  const referred: Fields[] = [];
  let isPart = false;
  collector.readRecords(splitDamaged(data), (record, collector) => {
    for (const bundle of bundlesIn(record)) {
      for (const object of objectsIn(bundle, collector)) found.push(object);
      for (const object of itemsOf(bundle[REFERRED])) if (isFields(object)) referred.push(object);
      isPart ||= bundle[REFERRED] !== undefined;
    }
  });
  return { isPart, ...indexObjects(found, { referred, collector }) };
}

/** The bundle, envelope or object that a record is, or those inside an answer. */
function bundlesIn(record: Value): readonly Fields[] {
  const text = unparsedText(record);
  if (text?.trimStart().startsWith("<")) {
    throw new Rejected("EVENTS_INVALID", "The data is XML: of STIX, only versions 2 are read");
  }
  const object = text === undefined ? parseObject(record) : parseText(text);
  // JSON whose canonical form is too large for a document is kept as text in `data`.
  const isKnown = object !== undefined && (object["type"] !== undefined || isEnvelope(object));
  const fields = object && (parseObject(isKnown ? object : object["data"]) ?? object);
  if (fields !== undefined && (isEnvelope(fields) || typeof fields["type"] === "string")) {
    return [fields];
  }
  const wrapped = fields && openWrapper(fields);
  if (wrapped !== undefined) return wrapped.flatMap(bundlesIn);
  throw new Rejected("EVENTS_INVALID", "Neither a STIX bundle nor a STIX object");
}

/**
 * The fields of a text, which is a record or JSON that was too large to be stored as anything else.
 *
 * @throws {Rejected} EVENTS_INVALID when the text is not a JSON object.
 */
function parseText(text: string): Fields {
  try {
    return parseFields(text);
  } catch (cause) {
    throw new Rejected("EVENTS_INVALID", errorMessage(cause), { cause });
  }
}

/** An object alone, or those of a bundle and of the bundles in it. */
function objectsIn(fields: Fields, collector: InstanceCollector): readonly Fields[] {
  const isBundle = fields["type"] === "bundle" || isEnvelope(fields);
  if (!isBundle) return [fields];
  return objectsOfBundle(fields, collector).flatMap((object) => objectsIn(object, collector));
}

/** Fields in which the answers of other servers keep bundles and objects. */
const WRAPPER_FIELDS = ["bundle", "stix", "data", "result", "results", "response", "items"];

/** The bundles or objects in such an answer; undefined if there are none. */
function openWrapper(fields: Fields): readonly Value[] | undefined {
  for (const name of WRAPPER_FIELDS) {
    const value = fields[name];
    const items = Array.isArray(value) ? value as readonly Value[] : [value];
    const isStix = (item: Value | undefined) =>
      isFields(item) && (typeof item["type"] === "string" || isEnvelope(item));
    if (items.length > 0 && items.every(isStix)) return items as readonly Value[];
  }
  return undefined;
}

/** Whether it is an envelope of TAXII 2.1 (section 3.7): `{"more", "next", "objects"}`, all optional. */
function isEnvelope({ type, more, objects }: Fields): boolean {
  return type === undefined && (Array.isArray(objects) || typeof more === "boolean");
}

function objectsOfBundle(bundle: Fields, collector: InstanceCollector): readonly Fields[] {
  const items = itemsOf(bundle["objects"]);
  const objects = items.filter((item) => isFields(item));
  if (objects.length < items.length) {
    collector.skip("item that is not an object", items.length - objects.length);
  }
  return objects;
}

function indexObjects(
  found: readonly Fields[],
  { referred, collector }: {
    readonly referred: readonly Fields[];
    readonly collector: InstanceCollector;
  },
): Omit<BundleIndex, "isPart"> {
  const groups = Map.groupBy(found, (object) => objectId(object) ?? writeJson(object));
  const byId = new Map(referred.map((object) => [objectId(object), object]));
  const objects: Fields[] = [];
  for (const [, group] of [...groups].sort(([one], [other]) => one < other ? -1 : 1)) {
    const [latest, ...others] = group.length === 1 ? group : distinctVersions(group);
    byId.set(objectId(latest!), latest!);
    objects.push(latest!);
    for (const other of others) {
      if (observableType(other["type"]) !== undefined) objects.push(other);
      else collector.skip(`older ${safeName(other["type"])}`);
    }
  }
  return { objects, referred, byId };
}

export function objectId(object: Fields): string | undefined {
  return typeof object["id"] === "string" ? object["id"] : undefined;
}

/** Objects that differ, latest first. */
export function distinctVersions(objects: readonly Fields[]): readonly Fields[] {
  const byJson = new Map(objects.map((object) => [writeJson(object), object]));
  return [...byJson].map(([json, object]) => ({ json, object, time: modifiedTime(object) }))
    .sort((one, other) => other.time - one.time || (one.json < other.json ? 1 : -1))
    .map(({ object }) => object);
}

function modifiedTime({ modified }: Fields): number {
  return (typeof modified === "string" ? readTime(modified) : undefined) ?? -Infinity;
}
