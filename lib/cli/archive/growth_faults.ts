import { dirname } from "node:path";
import { isDynamicPattern } from "tinyglobby";
import { exists } from "../../exists.ts";
import { fileFault } from "../../file_fault.ts";
import { findInputs, isCompressedFile } from "./inputs.ts";

/** Why files cannot be followed; undefined if they can, or if they are awaited. */
export async function followFault(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const info = await Deno.stat(path).catch(() => undefined);
    if (info?.isDirectory) {
      return `Cannot follow ${path}: it is a folder. Give its files, or --watch ${path} instead ` +
        "of --follow";
    }
    const folder = dirname(path);
    if (!(await Deno.stat(folder).catch(() => undefined))?.isDirectory) {
      return `Cannot follow files in ${folder}: there is no such folder. Check its spelling, or ` +
        "make it first";
    }
    if (info !== undefined && !info.isFile) return `Cannot follow ${path}: it is not a file`;
    if (await isCompressedFile(path)) {
      return `Cannot follow ${path}: it is compressed, and no lines are added to such a file. ` +
        `Import it without --follow, or --watch ${folder}`;
    }
    if (isDynamicPattern(path) && !await exists(path) && (await findInputs([path]))[0] === path) {
      return `Cannot follow ${path}: no file matches this pattern. Name the files to wait for`;
    }
  }
  return undefined;
}

/** Why a folder cannot be watched; undefined if it can. */
export async function watchFault(path: string): Promise<string | undefined> {
  try {
    const { isDirectory } = await Deno.stat(path);
    if (!isDirectory) {
      return `Cannot watch ${path}: it is a file. Give its folder, or import --follow ${path}`;
    }
    for await (const _ of Deno.readDir(path)) break;
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.NotFound
      ? `Cannot watch ${path}: there is no such folder. Check its spelling, or make it first`
      : `Cannot watch ${path}: ${fileFault(error)}`;
  }
}
