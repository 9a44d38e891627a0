import { dirname } from "node:path";
import { ConfigError } from "../errors.ts";
import { fileFault } from "../file_fault.ts";
import {
  importPrivateKey,
  importPublicKey,
  type PrivateKey,
  type PrivateKeys,
  type PublicKey,
} from "./key.ts";

/**
 * Loads private keys from PEM files, then revokes this program's permission to read those files. A
 * permission for their folder is lost with it, but `--allow-read` without a path stays.
 *
 * `warn` receives one line for each file that others than its owner can read.
 *
 * @throws {ConfigError} when a file cannot be read or does not contain a suitable key; lists all
 * faults.
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
  // Only now: revoking one file revokes its folder, where the other files may be.
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
 * @throws {ConfigError} when the file cannot be read or does not contain a suitable key.
 */
export async function loadPublicKey(path: string): Promise<PublicKey> {
  const { text } = await readKeyFile(path);
  return await importPublicKey(text, `key file ${path}`);
}

/**
 * Tells from a mode such as 0o640 whether others can read a file. Where systemd gives a service's
 * user its credentials by an access control list, the group bits are the mask of that list and say
 * nothing about a group.
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
    throw new ConfigError([`Cannot read key file ${path}: ${fileFault(error)}`], {
      cause: error,
    });
  }
}
