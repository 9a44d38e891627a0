import { Fault, fieldFault, isObject } from "../tahoe/fault.ts";
import type { Hash } from "../tahoe/instance.ts";
import type { Fields, Value } from "../tahoe/value.ts";

/** What a report can be tied to: the hash of a query, and what keeps the query from being answered. */
export type QueryDocument = { readonly hash: Hash; readonly fault?: Fault };

/**
 * Reads the document of a query, which may contain anything: others write it. A fault in place of a
 * query means that no report can be tied to it.
 */
export function readQueryDocument(fields: Fields): QueryDocument | Fault {
  const { itype, sub_type, _hash, data } = fields as { [name: string]: Value | undefined };
  if (itype !== "object") return fieldFault("itype", itype, 'the string "object"');
  if (sub_type !== "query") return fieldFault("sub_type", sub_type, 'the string "query"');
  if (typeof _hash !== "string") return fieldFault("_hash", _hash, "a string");
  const fault = isObject(data) ? listFault(fields, data) : fieldFault("data", data, "an object");
  return { hash: _hash, ...(fault !== undefined && { fault }) };
}

/** Every value of a query's data is a list, as in all of TAHOE. */
function listFault(fields: Fields, data: Fields): Fault | undefined {
  for (const name of ["_cref", "_ref"]) {
    if (!Array.isArray(fields[name])) return fieldFault(name, fields[name], "a list");
  }
  for (const [name, value] of Object.entries(data)) {
    if (!Array.isArray(value)) return fieldFault(`data.${name}`, value, "a list");
  }
  const reports = data["report_id"] as readonly Value[] | undefined;
  const [odd] = reports?.filter((id) => typeof id !== "string") ?? [];
  return odd === undefined ? undefined : fieldFault("data.report_id[0]", odd, "a string");
}
