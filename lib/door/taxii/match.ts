import type { AddedTime } from "../../graph/graph.ts";
import { CREATED, type StixObject } from "../../answers/export/extension.ts";

/** Which objects are wanted, by the filters of TAXII; a missing one admits all. */
export type Match = {
  readonly id?: readonly string[];
  readonly type?: readonly string[];
  readonly version?: readonly string[];
  readonly spec_version?: readonly string[];
};

/** Every object has one version, which is its first and its last. */
const ANY_VERSION = ["first", "last", "all"];

export function isWanted(object: StixObject, match: Match): boolean {
  const version = versionOf(object);
  const admits = (filter: readonly string[] | undefined, value: string) =>
    filter === undefined || filter.includes(value);
  return admits(match.id, object.id) && admits(match.type, object.type) &&
    admits(match.spec_version, object.spec_version) &&
    (match.version === undefined ||
      match.version.some((each) =>
        ANY_VERSION.includes(each) || Date.parse(each) === Date.parse(version)
      ));
}

/** The version of an object: when it was modified. Observables never are, and have all the same. */
export function versionOf(object: StixObject): string {
  return String(object["modified"] ?? object["created"] ?? CREATED);
}

/** Writes a time as TAXII has it, to the microsecond. */
export function timestamp(added: AddedTime): string {
  const milliseconds = new Date(Math.floor(added / 1000)).toISOString().slice(0, -1);
  return `${milliseconds}${String(added % 1000).padStart(3, "0")}Z`;
}
