import { join, resolve } from "node:path";
import { ConfigError, errorMessage } from "../errors.ts";

/** A config file as it was read: what its sections hold is not checked yet. */
export type ConfigFile = {
  /** Absolute. */
  readonly path: string;
  readonly sections: { readonly [section: string]: unknown };
};

/** The process's environment, or a test's. */
export type Environment = (name: string) => string | undefined;

/** Sections that name a store. */
const storeSections = ["analytics", "archive", "cache", "identity", "report", "tahoe"];

/**
 * Reads the file the user named or, if none was, the first of these that is there:
 * $CYBEXP_CONFIG, config.json in `folder` (as existing installations start the programs),
 * $XDG_CONFIG_HOME/cybexp/config.json, /etc/cybexp/config.json. Null if there is none.
 *
 * Many programs have a config.json: one in `folder` that names no store is not ours and passed
 * over. A file that is there but cannot be read is an error, not passed over: the next one would
 * name other databases. Throws ConfigError.
 */
export async function findConfigFile(
  named: string | undefined,
  folder: string,
  env: Environment,
): Promise<ConfigFile | null> {
  const chosen = named ?? (env("CYBEXP_CONFIG") || undefined);
  if (chosen !== undefined) return await readConfigFile(resolve(folder, chosen));
  const local = await readIfThere(join(folder, "config.json"));
  if (local !== null && storeSections.some((section) => Object.hasOwn(local.sections, section))) {
    return local;
  }
  for (const place of [userFolder(env, "XDG_CONFIG_HOME", ".config"), "/etc"]) {
    const file = place === null ? null : await readIfThere(join(place, "cybexp/config.json"));
    if (file !== null) return file;
  }
  return null;
}

/** One of the user's folders of the XDG Base Directory Specification, which must be absolute. */
export function userFolder(env: Environment, variable: string, fallback: string): string | null {
  const folder = env(variable);
  if (folder?.startsWith("/")) return folder;
  const home = env("HOME");
  return home ? join(home, fallback) : null;
}

async function readIfThere(path: string): Promise<ConfigFile | null> {
  try {
    return await readConfigFile(path);
  } catch (error) {
    if (error instanceof ConfigError && isAbsent(error.cause)) return null;
    throw error;
  }
}

/** A place we were given no permission to look at is none of ours. */
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
    throw new ConfigError([`Cannot read config file ${path}: ${reason}`], { cause: error });
  }
  // Some editors begin a file with a byte order mark.
  const sections = parseJson(text.replace(/^\ufeff/, ""), path);
  if (!isObject(sections)) {
    throw new ConfigError([`Cannot read config file ${path}: it must hold an object {…}`]);
  }
  return { path, sections };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message may quote the file, passwords and all: only the place is taken from it.
    const place = /line \d+ column \d+/.exec(String(error))?.[0];
    const where = place === undefined ? "" : ` at ${place}`;
    throw new ConfigError([`Cannot read config file ${path}: it is not JSON${where}`]);
  }
}

export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
