import { log } from "../log.ts";
import type { OnCopied } from "./context.ts";
import { type Progress, startProgress } from "./progress.ts";

/** Shows how far the migration of a database is, if there is one; the log says that it began. */
export function showMigration(): OnCopied {
  let bar: Progress | undefined;
  let left = 0;
  return (copied, total) => {
    if (bar === undefined) {
      log.warn("Migrating the database of an earlier version", { documents: total });
      bar = startProgress("Migrating", total);
      left = total;
    }
    bar.add(copied);
    left -= copied;
    if (left <= 0) bar.stop();
  };
}
