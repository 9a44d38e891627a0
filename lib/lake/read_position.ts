import { Fault, fieldFault, isObject, typeName } from "../tahoe/fault.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import type { FaultyPosition, Position } from "./positions.ts";

/** Reads a stored position, which may contain anything: hands and other programs write there, too. */
export function readPosition(document: Value | Fault): Position | FaultyPosition {
  const fields = !(document instanceof Fault) && isFields(document) ? document : {};
  const { id, since } = fields as { readonly [name: string]: Value | undefined };
  const fault = document instanceof Fault ? document : positionFault(document);
  if (fault === undefined) {
    const { offset, end, timestamp, ...rest } = fields as unknown as Position;
    return {
      ...rest,
      offset: Number(offset),
      end: Number(end),
      timestamp: Number(timestamp),
      since: Number(since),
    };
  }
  return {
    id: typeof id === "string" ? id : `whose id is ${typeName(id)}`,
    reason: fault.reason,
    since: isTime(since) ? Number(since) : 0,
  };
}

function positionFault(document: Value): Fault | undefined {
  if (!isObject(document)) return fieldFault("the document", document, "an object");
  const fields = document as { readonly [name: string]: Value | undefined };
  for (const name of ["id", "source", "typetag", "fingerprint"]) {
    if (typeof fields[name] !== "string") return fieldFault(name, fields[name], "a string");
  }
  const { file, offset, end } = fields;
  if (file !== null && typeof file !== "string") {
    return fieldFault("file", file, "a string or null");
  }
  if (!isCount(offset)) return fieldFault("offset", offset, "a number of bytes");
  if (!isCount(end)) return fieldFault("end", end, "a number of bytes");
  if (offset > end) return new Fault("offset is greater than end");
  for (const name of ["timestamp", "since"]) {
    if (!isTime(fields[name])) return fieldFault(name, fields[name], "a time in seconds");
  }
  return undefined;
}

function isCount(value: Value | undefined): value is number | bigint {
  return isTime(value) && Number.isSafeInteger(Number(value)) && value >= 0;
}

function isTime(value: Value | undefined): value is number | bigint {
  return typeof value === "bigint" || typeof value === "number" && Number.isFinite(value);
}
