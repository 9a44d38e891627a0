import { dirname, resolve } from "node:path";
import { errorMessage, StoreUnavailable } from "../errors.ts";

/**
 * Checks that a database file that does not exist can be created, by making another file where it or
 * its folder would be, and removing it.
 *
 * @throws {StoreUnavailable} STORE_UNAVAILABLE when it cannot.
 */
export function checkCreatable(path: string): void {
  const folder = nearestFolder(dirname(resolve(path)));
  try {
    Deno.removeSync(Deno.makeTempFileSync({ dir: folder, prefix: ".cybexp-" }));
  } catch (error) {
    throw new StoreUnavailable(
      `Cannot create database ${path}: no file can be made in ${folder}: ${errorMessage(error)}. ` +
        "Check mongo_url, and owner and mode of the folder",
      { cause: error },
    );
  }
}

/** The folder of a path, or the nearest one above it that exists. */
function nearestFolder(path: string): string {
  try {
    Deno.statSync(path);
    return path;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) || path === dirname(path)) return path;
    return nearestFolder(dirname(path));
  }
}
