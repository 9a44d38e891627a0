import type { Imported } from "../../lake/import.ts";
import { log } from "../../log.ts";
import { countReasons, listReasons } from "../../typetags/reasons.ts";
import { table } from "../table.ts";

/** Logs what became of a file that arrived. */
export function logImported(imported: Imported): void {
  const { name, ...fields } = summarize(imported);
  const present = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  const message = "refused" in imported ? "Cannot import" : "Imported";
  const level = "refused" in imported || "reason" in imported ? "warn" : "info";
  log[level](`${message} ${name}`, Object.fromEntries(present));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Lists what became of an imported file, as `--json` shows it. */
export function summarize(imported: Imported) {
  if ("refused" in imported) return imported;
  const { name, ref } = imported;
  if ("known" in imported) return { name, ref, known: true };
  const { filtered, reason } = imported;
  return {
    name,
    ref,
    events: filtered?.events ?? 0,
    ...(reason !== undefined && { reason }),
    ...(filtered !== undefined && {
      rejected: filtered.rejected,
      reasons: countReasons(filtered.rejected),
      skipped: filtered.skipped,
    }),
  };
}

/** Writes what became of imported files as a table. */
export function formatImported(imported: readonly Imported[]): string {
  const rows = imported.map((one) => {
    if ("refused" in one) return [one.name, null, `refused: ${one.refused}`];
    if ("known" in one) return [one.name, null, "already known"];
    return [one.name, one.filtered?.events ?? 0, remarks(one)];
  });
  const lines = [table(["file", "events", "remarks"], rows)];
  if (imported.some(isQuarantined)) {
    lines.push(
      "",
      "What has no events stays in archive quarantine list; archive reparse TYPE reads it again",
    );
  }
  return lines.join("\n");
}

/** Tells whether a file was stored, but nothing could be made of it. */
function isQuarantined(imported: Imported): boolean {
  return "reason" in imported;
}

function remarks({ filtered, reason }: Exclude<Imported, { refused: string } | { known: true }>) {
  if (reason !== undefined) return `no events: ${reason}`;
  if (filtered === undefined) return "stored without events: no filter read it";
  const { rejected, skipped } = filtered;
  const records = rejected.length === 1 ? "record" : "records";
  return [
    ...(rejected.length > 0
      ? [`${rejected.length} ${records} rejected: ${listReasons(countReasons(rejected))}`]
      : []),
    ...Object.entries(skipped).map(([what, times]) => `${times} × ${what} skipped`),
  ].join("; ") || null;
}
