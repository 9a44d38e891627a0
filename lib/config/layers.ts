import { dirname } from "node:path";
import { type ConfigFile, type Environment, isObject } from "./file.ts";
import { type Layer, variableOf } from "./reader.ts";

/** Sections this project reads, and `analytics`, which the existing system has beside them. */
const sectionNames = ["analytics", "api", "archive", "cache", "identity", "report", "tahoe"];

const storeKeys = ["mongo_url", "db", "coll"];

export function flagLayer(flags: { readonly [name: string]: string }, folder: string): Layer {
  return (name) =>
    Object.hasOwn(flags, name) ? { value: flags[name], origin: "--set", folder } : undefined;
}

/** A variable that is set to nothing counts as not set. */
export function envLayer(env: Environment, folder: string): Layer {
  return (name) => {
    const value = env(variableOf(name));
    return value ? { value, origin: variableOf(name), folder } : undefined;
  };
}

/**
 * The file's values. The sections `archive` and `tahoe` name one store: if only `tahoe` names it,
 * it stands for `archive`.
 */
export function fileLayer(file: ConfigFile | null): Layer {
  if (file === null) return () => undefined;
  const folder = dirname(file.path);
  const tahoe = givesStore(file, "tahoe") && !givesStore(file, "archive");
  return (name) => {
    const [section = "", key = ""] = name.split(".");
    const alias = tahoe && section === "archive" && storeKeys.includes(key);
    const value = keysOf(file, alias ? "tahoe" : section)[key];
    const origin = alias ? `${file.path}, section tahoe` : file.path;
    return value === undefined ? undefined : { value, origin, folder };
  };
}

/** A fault for each section that is no object. */
export function misshapenSections(file: ConfigFile | null): string[] {
  return sectionNames.filter((name) => file !== null && Object.hasOwn(file.sections, name))
    .filter((name) => !isObject(file?.sections[name]))
    .map((name) => `${name} must be an object {…} (${file?.path})`);
}

/** A line for what the file says and nothing reads. `used` tells what is read. */
export function oddities(file: ConfigFile | null, used: (name: string) => boolean): string[] {
  if (file === null) return [];
  const sections = Object.keys(file.sections).filter((name) => !sectionNames.includes(name));
  const keys = ["api", "archive", "cache", "identity", "report", "tahoe"].flatMap((section) =>
    Object.keys(keysOf(file, section)).map((key) => `${section}.${key}`)
  ).filter((name) => !used(name.replace(/^tahoe\.(?=mongo_url$|db$|coll$)/, "archive.")));
  const unused = [...sections, ...keys].map((name) => `${name} is no setting (${file.path})`);
  const twice = givesStore(file, "archive") && givesStore(file, "tahoe") &&
    storeKeys.some((key) => keysOf(file, "archive")[key] !== keysOf(file, "tahoe")[key]);
  return twice
    ? [...unused, `tahoe names another store than archive, which is used (${file.path})`]
    : unused;
}

function givesStore(file: ConfigFile, section: string): boolean {
  return storeKeys.some((key) => Object.hasOwn(keysOf(file, section), key));
}

/** A section's own keys; none if it is missing or no object. */
function keysOf(file: ConfigFile, section: string): { readonly [key: string]: unknown } {
  const keys = Object.hasOwn(file.sections, section) ? file.sections[section] : undefined;
  return isObject(keys) ? keys : {};
}
