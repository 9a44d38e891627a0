import { dirname } from "node:path";
import { ConfigError, errorMessage } from "../errors.ts";
import {
  importPrivateKey,
  importPublicKey,
  type PrivateKey,
  type PrivateKeys,
  type PublicKey,
} from "./key.ts";

/**
 * Loads private keys from PEM files, then gives up this program's permission to read those files:
 * a grant of their folder goes with it, but `--allow-read` without a path stays.
 *
 * `warn` is told, in one line each, of files that others than the owner may read.
 *
 * @throws {ConfigError} with all faults, if a file cannot be read or holds no fitting key.
 */
export async function loadPrivateKeys(
  paths: readonly [current: string, ...old: string[]],
  { warn }: { warn: (message: string) => void },
): Promise<PrivateKeys> {
  const keys: PrivateKey[] = [];
  const faults: string[] = [];
  for (const path of paths) {
    try {
      keys.push(await loadPrivateKey(path, warn));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults);
    }
  }
  const [current, ...old] = keys;
  if (current === undefined || faults.length > 0) throw new ConfigError(faults);
  // Only now: with the permission for one file goes that for its folder, where others may lie.
  for (const path of paths) await Deno.permissions.revoke({ name: "read", path });
  return [current, ...old];
}

async function loadPrivateKey(path: string, warn: (message: string) => void): Promise<PrivateKey> {
  const { text, mode } = await readKeyFile(path);
  if (isReadableByOthers(path, mode)) {
    const octal = (mode & 0o777).toString(8);
    warn(`Key file ${path} can be read by others (mode ${octal}). Close it: chmod 600 ${path}`);
  }
  return await importPrivateKey(text, `key file ${path}`);
}

/**
 * Loads a public key from a PEM file.
 *
 * @throws {ConfigError} if the file cannot be read or holds no fitting key.
 */
export async function loadPublicKey(path: string): Promise<PublicKey> {
  const { text } = await readKeyFile(path);
  return await importPublicKey(text, `key file ${path}`);
}

/**
 * By a mode such as 0o640. Where systemd gives a service's user its credentials by an access control
 * list, the group's bits are that list's mask and say nothing of a group.
 */
function isReadableByOthers(path: string, mode: number): boolean {
  if (mode & 0o004) return true;
  return (mode & 0o040) !== 0 && dirname(path) !== Deno.env.get("CREDENTIALS_DIRECTORY");
}

async function readKeyFile(path: string): Promise<{ text: string; mode: number }> {
  try {
    const { mode } = await Deno.stat(path);
    return { text: await Deno.readTextFile(path), mode: mode ?? 0 };
  } catch (error) {
    throw new ConfigError([`Cannot read key file ${path}: ${reasonOf(error)}`], { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it does not exist";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  if (error instanceof Deno.errors.PermissionDenied) return "its owner or mode forbids it";
  if (error instanceof Deno.errors.NotCapable) return "start this program with --allow-read for it";
  return errorMessage(error);
}
