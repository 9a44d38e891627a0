import { type Fields, isFields, type Scalar, type Value } from "../../tahoe/value.ts";
import { readTime } from "../time.ts";
import type {
  MispAttribute,
  MispEvent,
  MispEventHeader,
  MispLabel,
  MispObject,
  MispProposal,
  MispValue,
} from "./core_format.ts";

/** Members of MISP events, objects and attributes that only the Raw keeps. */
export const UNREAD = ["CryptographicKey", "EventReport", "Note", "Opinion", "Relationship"];

/** Reads the members of a MISP event that become events; counts those that only the Raw keeps. */
export function parseMispEvent(event: Fields): MispEvent {
  const related = fieldsIn(event["RelatedEvent"]).flatMap(({ Event }) => fieldsIn(Event));
  return {
    ...parseMispEventHeader(event),
    info: trimmedString(event["info"]),
    creator: nameIn(event["Orgc"]),
    labels: parseLabels(event),
    attributes: fieldsIn(event["Attribute"]).map(parseMispAttribute),
    objects: fieldsIn(event["Object"]).map(parseMispObject),
    proposals: fieldsIn(event["ShadowAttribute"]).map(parseProposal),
    relatedUuids: [...related.map(({ uuid }) => uuid), event["extends_uuid"]].map(parseUuid)
      .filter((uuid) => uuid !== undefined),
    unread: countUnread(event),
  };
}

/** Reads the UUID and time of a MISP event, which may be all that a search result says of it. */
export function parseMispEventHeader(event: Fields): MispEventHeader {
  const date = readTime(trimmedString(event["date"]) ?? "");
  return { uuid: parseUuid(event["uuid"]), timestamp: parseSeconds(event["timestamp"]) ?? date };
}

export function parseMispObject(object: Fields): MispObject {
  return {
    uuid: parseUuid(object["uuid"]),
    name: trimmedString(object["name"]),
    isDeleted: isTrue(object["deleted"]),
    timestamp: parseSeconds(object["timestamp"]),
    attributes: fieldsIn(object["Attribute"]).map(parseMispAttribute),
    references: fieldsIn(object["ObjectReference"]).map((reference) => ({
      targetUuid: parseUuid(reference["referenced_uuid"]),
      relationshipType: trimmedString(reference["relationship_type"]),
      isDeleted: isTrue(reference["deleted"]),
      timestamp: parseSeconds(reference["timestamp"]),
    })),
  };
}

export function parseMispAttribute(attribute: Fields): MispAttribute {
  return {
    ...parseValue(attribute),
    uuid: parseUuid(attribute["uuid"]),
    labels: parseLabels(attribute),
    sightings: fieldsIn(attribute["Sighting"]).map((sighting) => ({
      type: trimmedString(sighting["type"]),
      source: trimmedString(sighting["source"]),
      organisation: nameIn(sighting["Organisation"]),
      timestamp: parseSeconds(sighting["date_sighting"]),
    })),
    proposals: fieldsIn(attribute["ShadowAttribute"]).map(parseProposal),
  };
}

function parseProposal(proposal: Fields): MispProposal {
  return { ...parseValue(proposal), isDeletion: isTrue(proposal["proposal_to_delete"]) };
}

function parseValue(fields: Fields): MispValue {
  return {
    type: trimmedString(fields["type"]),
    value: trimmedString(fields["value"]),
    relation: trimmedString(fields["object_relation"]),
    isDeleted: isTrue(fields["deleted"]),
    isMalicious: isTrue(fields["to_ids"]),
    hasFile: trimmedString(fields["data"]) !== undefined,
    timestamp: parseSeconds(fields["timestamp"]),
  };
}

function parseLabels(fields: Fields): readonly MispLabel[] {
  // An index of events has tags in links to them, and clusters without their galaxies.
  const links = ["EventTag", "AttributeTag"].flatMap((name) => fieldsIn(fields[name]));
  const tags = [fields, ...links].flatMap(({ Tag }) => fieldsIn(Tag))
    .map((tag) => ({ name: "tag", value: nameIn(tag) }));
  const clusters = [fields, ...fieldsIn(fields["Galaxy"])].flatMap((galaxy) =>
    fieldsIn(galaxy["GalaxyCluster"]).map(({ type, value }) => ({
      name: trimmedString(type) ?? trimmedString(galaxy["type"]),
      value: trimmedString(value),
    }))
  );
  return [...tags, ...clusters].flatMap(({ name, value }) =>
    name === undefined || value === undefined ? [] : [{ name, value }]
  );
}

function countUnread(event: Fields): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const members = ["Attribute", "Object"].flatMap((name) => fieldsIn(event[name]));
  const others = [event, ...members].flatMap(({ Attribute, Object }) => [Attribute, Object])
    .flatMap(itemsIn).filter((item) => !isFields(item)).length;
  if (others > 0) counts.set("attribute or object that is not a JSON object", others);
  for (const fields of [event, ...members]) {
    for (const name of UNREAD) {
      const count = fieldsIn(fields[name]).length;
      if (count > 0) counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }
  return counts;
}

/** The JSON objects in a list; a single object stands for a list of itself. */
export function fieldsIn(value: Value | undefined): readonly Fields[] {
  return itemsIn(value).filter((item) => isFields(item));
}

/** The items of a list, which may be numbered; a single value is one; there are none in null. */
function itemsIn(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  return isFields(value) && isNumbered(value) ? Object.values(value) : [value as Scalar | Fields];
}

/** Whether an object is a list, `{"0": …, "2": …}`: so PHP writes those from which it took items. */
export function isNumbered(fields: Fields): boolean {
  const names = Object.keys(fields);
  return names.length > 0 && names.every((name) => /^[0-9]{1,9}$/.test(name));
}

/**
 * A string without blanks around it; numbers and booleans become strings. Undefined if the value is
 * of another type, is blank, or has a lone surrogate and so cannot be stored.
 */
function trimmedString(value: Value | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === "object") return undefined;
  const string = String(value).trim();
  return string !== "" && string.isWellFormed() ? string : undefined;
}

function nameIn(value: Value | undefined): string | undefined {
  return isFields(value) ? trimmedString(value["name"]) : undefined;
}

/** A UUID in lower case, because MISP compares UUIDs without regard to case. */
function parseUuid(value: Value | undefined): string | undefined {
  return trimmedString(value)?.toLowerCase();
}

/** Reads a boolean, which MISP writes as `true`, `1` or `"1"`, and Python as `"True"`. */
function isTrue(value: Value | undefined): boolean {
  if (typeof value === "string") return /^\s*(?:1|true)\s*$/i.test(value);
  return value === true || value === 1n;
}

/**
 * Seconds since 1970 in a MISP time such as `"1603642920"`, or in one of ISO 8601. Undefined for 0,
 * which MISP writes for "never", and for anything that is not a time.
 */
function parseSeconds(value: Value | undefined): number | undefined {
  const text = trimmedString(value);
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,12}(?:\.[0-9]{1,9})?$/.test(text)) return readTime(text);
  return Number(text) || undefined;
}
