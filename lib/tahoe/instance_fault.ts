import { DamagedInstance } from "../errors.ts";
import { Fault, fieldFault, isObject } from "./fault.ts";
import { aFloat, aScalar, aString, listOf, objectWith, optional } from "./field_checks.ts";
import type { Instance, Report } from "./instance.ts";
import { writeJson } from "./json.ts";
import { reportFault } from "./report_fault.ts";
import { type Fields, isFields, isScalar, type Value } from "./value.ts";

/** Fields of an instance as a store has them, which others may have damaged. */
type StoredFields = { readonly [name: string]: Value | undefined };

/** What keeps a stored document from being read as an instance; undefined if nothing does. */
export function instanceFault(document: unknown): Fault | undefined {
  if (!isFields(document as Value)) return new Fault("the document is not an object");
  const fields = document as StoredFields;
  const { itype, sub_type, _hash } = fields;
  if (typeof itype !== "string" || !Object.hasOwn(FAULTS, itype)) {
    return fieldFault("itype", itype, "one of the six types of instances");
  }
  if (typeof sub_type !== "string") return fieldFault("sub_type", sub_type, "a string");
  if (typeof _hash !== "string") return fieldFault("_hash", _hash, "a string");
  return listsFault(fields, SETS) ?? hashesFault(fields) ??
    FAULTS[itype as Instance["itype"]](fields);
}

/** Returns the instance of a stored document.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when it cannot be read; the message names its hash.
 */
export function checkedInstance<T extends Instance>(document: T): T {
  const fault = instanceFault(document);
  if (fault === undefined) return document;
  throw damagedInstance((document as unknown as StoredFields)["_hash"], fault);
}

/**
 * Returns the report of a stored document.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when it cannot be read, or is not a report.
 */
export function checkedReport(document: Instance): Report {
  const instance = checkedInstance(document);
  if (instance.itype === "report") return instance;
  throw damagedInstance(instance._hash, new Fault(`itype is ${instance.itype}, not report`));
}

/** The error of an instance that cannot be read. */
export function damagedInstance(hash: Value | undefined, { reason }: Fault): DamagedInstance {
  const name = typeof hash === "string" && hash !== "" ? hash : writeJson(hash ?? null);
  return new DamagedInstance(`Instance ${name} cannot be read: ${reason}`);
}

const FAULTS: {
  readonly [itype in Instance["itype"]]: (fields: StoredFields) => Fault | undefined;
} = {
  attribute: ({ data }) =>
    isScalar(data) ? undefined : fieldFault("data", data, "a string, number, boolean or null"),
  object: parentFault,
  event: (fields) => parentFault(fields) ?? eventFault(fields),
  session: parentFault,
  raw: rawFault,
  report: (fields) => reportFault(fields) ?? listingFault(fields),
};

function parentFault(fields: StoredFields): Fault | undefined {
  const { data, _cref, _ref } = fields;
  if (!isObject(data)) return fieldFault("data", data, "an object");
  if (!Array.isArray(_cref)) return fieldFault("_cref", _cref, "a list");
  if (!Array.isArray(_ref)) return fieldFault("_ref", _ref, "a list");
  return dataFault(data, "data");
}

/** The fault of data by sub-type: each has a list of values, and of objects of the same form. */
function dataFault(data: Fields, path: string): Fault | undefined {
  for (const [name, members] of Object.entries(data)) {
    const at = `${path}.${name}`;
    if (!Array.isArray(members)) return fieldFault(at, members, "a list");
    for (const [i, member] of members.entries()) {
      if (isScalar(member)) continue;
      const fault = isObject(member)
        ? dataFault(member, `${at}[${i}]`)
        : fieldFault(`${at}[${i}]`, member, "a value or an object");
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** The fault of the first instance in a list of them, which a report on related data may be. */
function listingFault({ sub_type, data }: StoredFields): Fault | undefined {
  if (sub_type !== "related" || !Array.isArray(data)) return undefined;
  for (const [i, instance] of data.entries()) {
    const fault = instanceFault(instance);
    if (fault !== undefined) return new Fault(`data[${i}] is not an instance: ${fault.reason}`);
  }
  return undefined;
}

const SETS = ["_cref", "_ref", "_ben_ref", "_mal_ref"] as const;

function hashesFault(fields: StoredFields): Fault | undefined {
  for (const name of SETS) {
    const odd = (fields[name] as readonly Value[] | undefined)?.findIndex((hash) =>
      typeof hash !== "string"
    ) ?? -1;
    if (odd >= 0) {
      return fieldFault(`${name}[${odd}]`, (fields[name] as readonly Value[])[odd], "a string");
    }
  }
  return undefined;
}

function eventFault({ orgid, timestamp, category }: StoredFields): Fault | undefined {
  if (typeof orgid !== "string") return fieldFault("orgid", orgid, "a string");
  if (typeof timestamp !== "number" && typeof timestamp !== "bigint") {
    return fieldFault("timestamp", timestamp, "a number of seconds");
  }
  return typeof category === "string" ? undefined : fieldFault("category", category, "a string");
}

/** Checks one sending of a Raw's data. */
const SOURCE = objectWith({
  orgid: aString,
  timezone: optional(aScalar),
  timestamp: aFloat,
  events: optional(aString),
  reason: optional(aString),
  name: optional(aString),
  file: optional(aString),
  rejected_records: optional(listOf(objectWith({}))),
  skipped: optional(objectWith({})),
});

function rawFault(fields: StoredFields): Fault | undefined {
  const { orgid, _sources } = fields;
  return listsFault(fields, ["filters", "_sources"]) ?? aString(orgid, "orgid") ??
    optional(listOf(SOURCE))(_sources, "_sources");
}

/** The fault of a field that is there and is not a list. */
function listsFault(fields: StoredFields, names: readonly string[]): Fault | undefined {
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined && !Array.isArray(value)) return fieldFault(name, value, "a list");
  }
  return undefined;
}
