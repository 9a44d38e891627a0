import type { Fields } from "../../tahoe/value.ts";

/** What JSON objects with some names are, if these are not about indicators. */
const OTHER_OBJECTS: readonly { readonly what: string; readonly names: readonly string[] }[] = [
  { what: "the description of an API", names: ["openapi", "info"] },
  { what: "the description of an API", names: ["swagger", "info"] },
  { what: "the manifest of a program", names: ["name", "version", "dependencies"] },
  { what: "the manifest of a program", names: ["name", "version", "repository"] },
  { what: "the manifest of a program", names: ["name", "lockfileVersion"] },
  { what: "the manifest of a program", names: ["name", "manifest_version"] },
  { what: "a description of services", names: ["apiVersion", "kind"] },
  { what: "the state of Terraform", names: ["terraform_version", "resources"] },
];

/** Says what an object is that is neither a list nor an indicator; undefined for all others. */
export function otherObject(object: Fields): string | undefined {
  return OTHER_OBJECTS.find(({ names }) => names.every((name) => Object.hasOwn(object, name)))
    ?.what;
}
