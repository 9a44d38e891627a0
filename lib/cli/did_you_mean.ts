import { suggest } from "../suggest.ts";
import { shellQuoted } from "./shell_quoted.ts";

/** A question that follows a message about a name nobody knows; empty if no known one is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = suggest(name, known);
  return near === undefined ? "" : ` Did you mean ${shellQuoted(near)}?`;
}
