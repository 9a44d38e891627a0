import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const OURS = fileURLToPath(new URL("vectors", import.meta.url));
const ROOT = Deno.env.get("CYBEXP_VECTORS") ?? OURS;

/**
 * Path of a file of golden vectors: below the folder that CYBEXP_VECTORS names, or in our own copy
 * if that folder lacks it.
 */
export function vectorPath(name: string): string {
  const path = `${ROOT}/${name}`;
  return existsSync(path) ? path : `${OURS}/${name}`;
}

/** Text of such a file. */
export function readVectors(name: string): Promise<string> {
  return Deno.readTextFile(vectorPath(name));
}
