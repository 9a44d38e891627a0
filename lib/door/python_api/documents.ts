import { attribute } from "../../tahoe/attribute.ts";
import type { Hash, TahoeObject } from "../../tahoe/instance.ts";
import { type Fields, isFields, isScalar, type Scalar, type Value } from "../../tahoe/value.ts";

/**
 * Writes a user or an organisation as the Python API sends it, without what its users' passwords are
 * checked with, and without the hashes of that.
 */
export function withoutPasswords(document: TahoeObject): Fields {
  const hashes = new Set(
    passwordsOf(document.data).map((data) => attribute("password", data)._hash),
  );
  const keep = (references: readonly Hash[]) => references.filter((hash) => !hashes.has(hash));
  return {
    ...document,
    data: strip(document.data),
    _cref: keep(document._cref),
    _ref: keep(document._ref),
  } as unknown as Fields;
}

function passwordsOf(value: Value): Scalar[] {
  if (Array.isArray(value)) return value.flatMap(passwordsOf);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "password" && Array.isArray(member) ? member.filter(isScalar) : passwordsOf(member)
  );
}

function strip(value: Value): Value {
  if (Array.isArray(value)) return value.map(strip);
  if (!isFields(value)) return value;
  const others = Object.entries(value).filter(([name]) => name !== "password");
  return Object.fromEntries(others.map(([name, member]) => [name, strip(member)]));
}
