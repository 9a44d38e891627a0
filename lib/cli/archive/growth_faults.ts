import { isDynamicPattern } from "tinyglobby";
import { exists } from "../../exists.ts";
import { readFailure } from "../../read_failure.ts";
import { findInputs } from "./inputs.ts";

/** Why files cannot be followed; undefined if they can, or if they are awaited. */
export async function followFault(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const info = await Deno.stat(path).catch(() => undefined);
    if (info?.isDirectory) {
      return `cannot follow ${path}: it is a folder. Give its files, or --watch ${path} instead ` +
        "of --follow";
    }
    if (info !== undefined && !info.isFile) return `cannot follow ${path}: it is not a file`;
    if (isDynamicPattern(path) && !await exists(path) && (await findInputs([path]))[0] === path) {
      return `cannot follow ${path}: no file matches this pattern. Name the files to wait for`;
    }
  }
  return undefined;
}

/** Why a folder cannot be watched; undefined if it can. */
export async function watchFault(path: string): Promise<string | undefined> {
  try {
    const { isDirectory } = await Deno.stat(path);
    if (!isDirectory) {
      return `cannot watch ${path}: it is a file. Give its folder, or import --follow ${path}`;
    }
    for await (const _ of Deno.readDir(path)) break;
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.NotFound
      ? `cannot watch ${path}: there is no such folder. Create it first`
      : `cannot watch ${path}: ${readFailure(error)}`;
  }
}
