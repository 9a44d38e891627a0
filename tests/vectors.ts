import { fileURLToPath } from "node:url";

const ROOT = Deno.env.get("CYBEXP_VECTORS") ?? fileURLToPath(new URL("vectors", import.meta.url));

/** Path of a file below the folder of golden vectors: the environment's CYBEXP_VECTORS or ours. */
export function vectorPath(name: string): string {
  return `${ROOT}/${name}`;
}

/** Text of such a file. */
export function readVectors(name: string): Promise<string> {
  return Deno.readTextFile(vectorPath(name));
}
