import { errorMessage } from "./errors.ts";

/** Says why a file cannot be opened, and what to do: never in the words of the operating system. */
export function fileFault(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it does not exist";
  if (error instanceof Deno.errors.NotADirectory) {
    return "part of the path is a file, not a folder";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  if (error instanceof Deno.errors.PermissionDenied) return "its owner or mode forbids it";
  if (error instanceof Deno.errors.NotCapable) return "start this program with --allow-read for it";
  if (error instanceof Deno.errors.FilesystemLoop) return "its symbolic links lead in a circle";
  return errorMessage(error);
}
