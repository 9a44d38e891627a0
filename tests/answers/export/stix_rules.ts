import { deepEqual, equal, match, ok } from "../../assert.ts";

/**
 * Types of STIX 2.1 that our bundles use, with the properties required in addition to the common
 * ones.
 */
const REQUIRED: { readonly [type: string]: readonly string[] } = {
  "autonomous-system": ["number"],
  "domain-name": ["value"],
  "email-addr": ["value"],
  "email-message": ["is_multipart"],
  "extension-definition": ["created_by_ref", "name", "schema", "version", "extension_types"],
  "file": [],
  "grouping": ["context", "object_refs"],
  "identity": ["name"],
  "ipv4-addr": ["value"],
  "ipv6-addr": ["value"],
  "mac-addr": ["value"],
  "note": ["content", "object_refs"],
  "observed-data": ["first_observed", "last_observed", "number_observed", "object_refs"],
  "relationship": ["relationship_type", "source_ref", "target_ref"],
  "url": ["value"],
  "user-account": [],
  "x-cybexp-attribute": ["extensions", "sub_type", "data", "data_type"],
};

/** Types that have versions: domain, relationship and meta objects. All others are observables. */
const VERSIONED = [
  "extension-definition",
  "grouping",
  "identity",
  "note",
  "observed-data",
  "relationship",
];

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export type Bundle = { type: string; id: string; objects?: StixObject[] };
export type StixObject = { type: string; id: string; [name: string]: unknown };

/**
 * Reads a STIX 2.1 bundle. Fails if the text is not one, or if it refers to an id that is neither
 * in the bundle nor listed in `elsewhere`.
 */
export function readBundle(text: string, elsewhere: readonly string[] = []): StixObject[] {
  const { type, id, objects, ...rest }: Bundle = JSON.parse(text);
  equal(type, "bundle");
  match(id, new RegExp(`^bundle--${UUID}$`));
  deepEqual(rest, {});
  ok(objects === undefined || objects.length > 0, String(objects));
  const ids = new Set([...objects?.map((object) => object.id) ?? [], ...elsewhere]);
  equal(ids.size, (objects?.length ?? 0) + elsewhere.length);
  for (const object of objects ?? []) {
    checkObject(object);
    checkValue(object, ids);
  }
  return objects ?? [];
}

function checkObject(object: StixObject): void {
  const required = REQUIRED[object.type];
  ok(required !== undefined, object.type);
  const versioned = VERSIONED.includes(object.type) ? ["created", "modified"] : [];
  for (const name of ["spec_version", ...versioned, ...required]) {
    ok(Object.hasOwn(object, name), `${object.type} without ${name}`);
  }
  equal(object["spec_version"], "2.1");
  match(object.id, new RegExp(`^${object.type}--${UUID}$`));
  if (versioned.length > 0) {
    const { created, modified } = object;
    ok(String(modified) >= String(created), `${created} ${modified}`);
  }
}

function checkValue(value: unknown, ids: ReadonlySet<string>): void {
  ok(value !== null && value !== undefined);
  if (Array.isArray(value)) ok(value.length > 0, String(value.length));
  if (typeof value !== "object") return;
  for (const [name, member] of Object.entries(value)) {
    if (name.endsWith("_ref")) ok(ids.has(member), `${name} ${member}`);
    if (name.endsWith("_refs")) member.forEach((id: string) => ok(ids.has(id), `${name} ${id}`));
    if (["created", "modified", "first_observed", "last_observed"].includes(name)) {
      match(member, TIMESTAMP);
    }
    if (name === "extensions") Object.keys(member).forEach((id) => ok(ids.has(id), id));
    checkValue(member, ids);
  }
}
