import { DamagedInstance } from "../errors.ts";
import { Fault, fieldFault, isObject } from "./fault.ts";
import type { Instance } from "./instance.ts";
import { writeJson } from "./json.ts";
import { isFields, isScalar, type Value } from "./value.ts";

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

/** The error of an instance that cannot be read. */
export function damagedInstance(hash: Value | undefined, { reason }: Fault): DamagedInstance {
  const name = typeof hash === "string" ? hash : writeJson(hash ?? null);
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
  raw: (fields) => listsFault(fields, ["filters", "_sources"]) ?? sourcesFault(fields),
  report: () => undefined,
};

function parentFault(fields: StoredFields): Fault | undefined {
  const { data, _cref, _ref } = fields;
  if (!isObject(data)) return fieldFault("data", data, "an object");
  if (!Array.isArray(_cref)) return fieldFault("_cref", _cref, "a list");
  if (!Array.isArray(_ref)) return fieldFault("_ref", _ref, "a list");
  for (const [name, value] of Object.entries(data)) {
    if (!Array.isArray(value)) return fieldFault(`data.${name}`, value, "a list");
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

function sourcesFault({ _sources = [] }: StoredFields): Fault | undefined {
  const odd = (_sources as readonly Value[]).find((source) => !isFields(source));
  return odd === undefined ? undefined : fieldFault("_sources[]", odd, "an object");
}

/** The fault of a field that is there and is not a list. */
function listsFault(fields: StoredFields, names: readonly string[]): Fault | undefined {
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined && !Array.isArray(value)) return fieldFault(name, value, "a list");
  }
  return undefined;
}
