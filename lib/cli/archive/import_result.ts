import type { Imported } from "../../lake/import.ts";
import { OTHER_CHARSET } from "../../lake/decode.ts";
import { log } from "../../log.ts";
import { countReasons, listReasons } from "../../typetags/reasons.ts";
import { counted } from "../../counted.ts";

/** What was imported of one file, or of one part of it, and as what if that was found out. */
export type ImportResult = Imported & { readonly typetag?: string };

/** What many inputs came to. */
export type ImportTotals = {
  /** Number of inputs whose data is in the archive now. */
  imported: number;
  /** Number of inputs whose data was there before. */
  known: number;
  /** Number of inputs that were refused, or of which no record could be read. */
  refused: number;
  events: number;
  /** Number of events whose time is over a day later than now. */
  future: number;
  /** Number of records that could not be read. */
  rejected: number;
};

export function noTotals(): ImportTotals {
  return { imported: 0, known: 0, refused: 0, events: 0, future: 0, rejected: 0 };
}

/** Adds one input. */
export function addTotals(totals: ImportTotals, one: Imported): void {
  if (hasFailed(one)) totals.refused++;
  else if ("known" in one) totals.known++;
  else totals.imported++;
  if (!("filtered" in one)) return;
  totals.events += one.filtered?.events ?? 0;
  totals.future += one.filtered?.future ?? 0;
  totals.rejected += rejectedRecords(one);
}

/** Whether an input was refused, or has no events because none of its records could be read. */
export function hasFailed(one: Imported): boolean {
  return "refused" in one || "reason" in one;
}

/** Whether an input is stored, but nothing was made of it: no filter reads it, or its filter could not. */
export function isWithoutEvents(one: Imported): boolean {
  return !("refused" in one || "known" in one) &&
    (one.reason !== undefined || one.filtered === undefined);
}

export function rejectedRecords(one: Imported): number {
  return "filtered" in one ? one.filtered?.rejected.length ?? 0 : 0;
}

export function formatTotals({ known, refused, events, future, rejected }: ImportTotals): string {
  return [
    counted(events, "event"),
    ...(future > 0 ? [`${future} of them later than now`] : []),
    ...(known > 0 ? [`${known} known before`] : []),
    ...(rejected > 0 ? [`${counted(rejected, "record")} rejected`] : []),
    ...(refused > 0 ? [`${refused} refused or without events`] : []),
  ].join(", ");
}

/** Writes what became of an input to the log. */
export function logImported(imported: ImportResult): void {
  const { name, ...fields } = summarize(imported);
  const present = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  const message = "refused" in imported ? "Cannot import" : "Imported";
  log[hasFailed(imported) ? "warn" : "info"](`${message} ${name}`, Object.fromEntries(present));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Replaces the events of an imported file by their number. */
export function summarize(imported: ImportResult) {
  if ("refused" in imported) return imported;
  const { name, ref, typetag } = imported;
  const start = { name, ref, ...(typetag !== undefined && { typetag }) };
  if ("known" in imported) return { ...start, known: true };
  const { filtered, reason } = imported;
  return {
    ...start,
    events: filtered?.events ?? 0,
    ...(filtered !== undefined && filtered.future > 0 && { future: filtered.future }),
    ...(reason !== undefined && { reason }),
    ...(filtered !== undefined && {
      rejected: filtered.rejected,
      reasons: countReasons(filtered.rejected),
      skipped: filtered.skipped,
    }),
  };
}

/** Says what was skipped and, which is nothing lost, in which other charset text was read. */
export function skippedTexts(skipped: Iterable<readonly [what: string, times: number]>): string[] {
  return [...skipped].map(([what, times]) =>
    what.startsWith(OTHER_CHARSET) ? what : `${times} × ${what} skipped`
  );
}

/** What there is to say about an imported file besides its events; null if there is nothing. */
export function remarks(one: Imported): string | null {
  if ("refused" in one) return `refused: ${one.refused}`;
  if ("known" in one) return "already known";
  if (one.reason !== undefined) return `no events: ${one.reason}`;
  if (one.filtered === undefined) return "stored without events: no filter read it";
  const { future, rejected, skipped } = one.filtered;
  return [
    ...(future > 0 ? [`${counted(future, "event")} later than now`] : []),
    ...(rejected.length > 0
      ? [`${counted(rejected.length, "record")} rejected: ${listReasons(countReasons(rejected))}`]
      : []),
    ...skippedTexts(Object.entries(skipped)),
  ].join("; ") || null;
}
