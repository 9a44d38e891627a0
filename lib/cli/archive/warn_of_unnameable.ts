import { counted } from "../../counted.ts";
import { log } from "../../log.ts";

/** Warns of entries in the lake that could not be deleted, if there are any. */
export function warnOfUnnameable(entries: number): void {
  if (entries === 0) return;
  log.warn(
    `Cannot delete ${counted(entries, "entry", "entries")} from the lake: no filter can name an ` +
      "_id such as theirs. They stay with their files until they are removed in mongosh",
  );
}
