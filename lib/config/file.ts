import { join, resolve } from "node:path";
import { ConfigError, errorMessage } from "../errors.ts";

/** A config file whose sections have not been checked yet. */
export type ConfigFile = {
  /** Absolute path of the file. */
  readonly path: string;
  readonly sections: { readonly [section: string]: unknown };
};

/** Reads an environment variable: of the process, or in tests one of theirs. */
export type Environment = (name: string) => string | undefined;

/** Sections that name a store. */
const STORE_SECTIONS = ["analytics", "archive", "cache", "identity", "report", "tahoe"];

/**
 * Reads the file that the user named, or else the first of these that exists: $CYBEXP_CONFIG,
 * config.json in `folder` (where existing installations start the programs),
 * $XDG_CONFIG_HOME/cybexp/config.json, /etc/cybexp/config.json. Returns null if there is none.
 *
 * Many programs have a config.json: one in `folder` without a section of a store that is an object is not ours and is
 * skipped. A file that exists but cannot be read is not skipped: the next one would name other
 * databases.
 *
 * @throws {ConfigError} when a file cannot be read, or is not a JSON object.
 */
export async function findConfigFile(
  named: string | undefined,
  folder: string,
  env: Environment,
): Promise<ConfigFile | null> {
  const chosen = named ?? (env("CYBEXP_CONFIG") || undefined);
  if (chosen !== undefined) return await readConfigFile(resolve(folder, chosen));
  const local = await readIfPresent(join(folder, "config.json"), { foreign: true });
  if (local !== null && storeSections(local).length > 0) return local;
  for (const base of [xdgFolder(env, "XDG_CONFIG_HOME", ".config"), "/etc"]) {
    const file = base === null ? null : await readIfPresent(join(base, "cybexp/config.json"));
    if (file !== null) return file;
  }
  return null;
}

/** Tells whether a file names the URL of any store: then its keys are beside it. */
export function namesUrl(file: ConfigFile): boolean {
  return storeSections(file).some((section) => Object.hasOwn(section, "mongo_url"));
}

/** Tells whether any store of a file is on MongoDB: then those that name no URL are, too. */
export function namesMongo(file: ConfigFile): boolean {
  return storeSections(file).some(({ mongo_url: url }) =>
    url !== undefined && !String(url).startsWith("sqlite:")
  );
}

function storeSections({ sections }: ConfigFile): { readonly [key: string]: unknown }[] {
  return STORE_SECTIONS.filter((name) => Object.hasOwn(sections, name))
    .map((name) => sections[name]).filter(isObject);
}

/**
 * One of the user's folders in the XDG Base Directory Specification, which ignores relative paths.
 * Returns null if there is no home folder.
 */
export function xdgFolder(env: Environment, variable: string, fallback: string): string | null {
  const folder = env(variable);
  if (folder?.startsWith("/")) return folder;
  const home = env("HOME");
  return home ? join(home, fallback) : null;
}

/** With `foreign`, a file that contains no object counts as missing: it is another program's. */
async function readIfPresent(
  path: string,
  { foreign = false }: { readonly foreign?: boolean } = {},
): Promise<ConfigFile | null> {
  try {
    return await readConfigFile(path);
  } catch (error) {
    if (foreign && error instanceof ConfigError && error.cause === NO_OBJECT) return null;
    if (error instanceof ConfigError && isAbsent(error.cause)) return null;
    throw error;
  }
}

/** Cause of the error for a file that is JSON, but not an object. */
const NO_OBJECT = "no object";

/** Tells whether a file counts as missing; one that we have no permission to see is not ours. */
function isAbsent(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory ||
    cause instanceof Deno.errors.NotCapable;
}

async function readConfigFile(path: string): Promise<ConfigFile> {
  let text;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    const reason = errorMessage(error);
    const advice = error instanceof Deno.errors.NotFound
      ? ". Check --config and the variable CYBEXP_CONFIG"
      : "";
    throw new ConfigError([`Cannot read config file ${path}: ${reason}${advice}`], {
      cause: error,
    });
  }
  // Some editors begin a file with a byte order mark.
  const sections = parseSections(text.replace(/^\ufeff/, ""), path);
  if (!isObject(sections)) {
    throw new ConfigError([`Cannot read config file ${path}: it must contain an object {…}`], {
      cause: NO_OBJECT,
    });
  }
  return { path, sections };
}

function parseSections(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message may quote the file, including passwords: take only the position from it.
    const position = /line \d+ column \d+/.exec(String(error))?.[0];
    const where = position === undefined ? "" : ` at ${position}`;
    throw new ConfigError([`Cannot read config file ${path}: it is not JSON${where}`]);
  }
}

/** Tells whether a JSON value is an object, not a list. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
