import { errorMessage } from "./errors.ts";

/** Reasons by the class of error that Deno throws. */
const REASONS = [
  [Deno.errors.NotFound, "it does not exist"],
  [Deno.errors.PermissionDenied, "its owner or mode forbids it"],
  [Deno.errors.NotCapable, "start this program with --allow-read for it"],
  [Deno.errors.IsADirectory, "it is a directory"],
  [Deno.errors.NotADirectory, "part of its path is a file, not a folder"],
  [Deno.errors.FilesystemLoop, "its symbolic links lead back to it"],
] as const;

/** Says why a file cannot be read. */
export function readFailure(error: unknown): string {
  const found = REASONS.find(([reason]) => error instanceof reason);
  return found?.[1] ?? withoutCall(errorMessage(error));
}

/** The text of a system's error without its number, and without the call that failed. */
function withoutCall(message: string): string {
  return message.replace(/ \(os error \d+\).*$/s, "");
}
