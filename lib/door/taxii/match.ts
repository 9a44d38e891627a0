import type { AddedObject } from "./object_pages.ts";

/** Which objects are wanted, by the filters of TAXII; a missing one admits all. */
export type Match = {
  readonly id?: readonly string[];
  readonly type?: readonly string[];
  readonly version?: readonly string[];
  readonly spec_version?: readonly string[];
};

/** Every object has one version, which is its first and its last. */
const ANY_VERSION = ["first", "last", "all"];

export function isWanted(added: AddedObject, match: Match): boolean {
  const { object } = added;
  const version = versionOf(added);
  const admits = (filter: readonly string[] | undefined, value: string) =>
    filter === undefined || filter.includes(value);
  return admits(match.id, object.id) && admits(match.type, object.type) &&
    admits(match.spec_version, object.spec_version) &&
    (match.version === undefined ||
      match.version.some((each) =>
        ANY_VERSION.includes(each) || Date.parse(each) === Date.parse(version)
      ));
}

/** The version of an object: when it was modified, or else when it was added. */
export function versionOf({ object, added }: AddedObject): string {
  return String(object["modified"] ?? object["created"] ?? timestamp(added));
}

/** Writes milliseconds since 1970 as TAXII has times. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
