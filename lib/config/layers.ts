import { dirname } from "node:path";
import { type ConfigFile, type Environment, isObject } from "./file.ts";
import { suggest } from "../suggest.ts";
import { type Layer, type Setting, variableName } from "./reader.ts";
import { unknownSetting } from "./unknown_setting.ts";

/** Sections that this project reads. */
const OUR_SECTIONS = ["api", "archive", "cache", "door", "identity", "report", "tahoe"];

/** These, and `analytics`, which belongs to the existing system. */
const SECTION_NAMES = ["analytics", ...OUR_SECTIONS];

/** Keys of a section that name a store. */
const STORE_KEYS = ["mongo_url", "db", "coll"];

/** Settings from flags; relative paths start at `folder`. */
export function flagLayer(flags: { readonly [name: string]: string }, folder: string): Layer {
  return (name) =>
    Object.hasOwn(flags, name) ? { value: flags[name], origin: "--set", folder } : undefined;
}

/** Settings from the environment; an empty variable counts as unset. */
export function envLayer(env: Environment, folder: string): Layer {
  return (name) => {
    const value = env(variableName(name));
    return value ? { value, origin: variableName(name), folder } : undefined;
  };
}

/**
 * Settings from the file. The sections `archive` and `tahoe` name one store: if only `tahoe` names
 * it, its values are those of `archive`.
 */
export function fileLayer(file: ConfigFile | null): Layer {
  if (file === null) return () => undefined;
  const folder = dirname(file.path);
  const onlyTahoe = namesStore(file, "tahoe") && !namesStore(file, "archive");
  return (name) => {
    const [section = "", key = ""] = name.split(".");
    const isAlias = onlyTahoe && section === "archive" && STORE_KEYS.includes(key);
    const value = sectionKeys(file, isAlias ? "tahoe" : section)[key];
    const origin = isAlias ? `${file.path}, section tahoe` : file.path;
    return value === undefined ? undefined : { value, origin, folder };
  };
}

/** Lists a fault for each section that is not an object. */
export function sectionFaults(file: ConfigFile | null): string[] {
  return SECTION_NAMES.filter((name) => file !== null && Object.hasOwn(file.sections, name))
    .filter((name) => !isObject(file?.sections[name]))
    .map((name) => `${name} must be an object {…} (${file?.path})`);
}

/**
 * Lists what is odd in the file: sections and keys that are not settings, and a section `tahoe` that
 * contradicts `archive`.
 */
export function configNotices(
  file: ConfigFile | null,
  settings: readonly Pick<Setting, "name" | "variable">[],
): string[] {
  if (file === null) return [];
  const names = new Set(settings.map(({ name }) => name));
  const sections = Object.keys(file.sections).filter((name) => !SECTION_NAMES.includes(name));
  const keys = OUR_SECTIONS.flatMap((section) =>
    Object.keys(sectionKeys(file, section)).map((key) => `${section}.${key}`)
  ).filter((name) => !names.has(name.replace(/^tahoe\.(?=mongo_url$|db$|coll$)/, "archive.")));
  const unused = [
    ...sections.map((name) => unknownSection(name, file.path)),
    ...keys.map((name) => unknownSetting(name, file.path, settings)),
  ];
  const contradicts = namesStore(file, "archive") && namesStore(file, "tahoe") &&
    STORE_KEYS.some((key) => sectionKeys(file, "archive")[key] !== sectionKeys(file, "tahoe")[key]);
  return contradicts
    ? [...unused, `tahoe names a different store from archive; archive is used (${file.path})`]
    : unused;
}

function unknownSection(name: string, path: string): string {
  const near = suggest(name, SECTION_NAMES);
  const advice = near === undefined ? "" : `. Did you mean ${near}?`;
  return `${name} is not a setting (${path})${advice}`;
}

function namesStore(file: ConfigFile, section: string): boolean {
  return STORE_KEYS.some((key) => Object.hasOwn(sectionKeys(file, section), key));
}

/** The keys and values of a section; none if it is missing or not an object. */
function sectionKeys(file: ConfigFile, section: string): { readonly [key: string]: unknown } {
  const keys = Object.hasOwn(file.sections, section) ? file.sections[section] : undefined;
  return isObject(keys) ? keys : {};
}
