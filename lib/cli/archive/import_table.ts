import { counted } from "../../counted.ts";
import { table } from "../table.ts";
import {
  addTotals,
  hasFailed,
  type ImportResult,
  isWithoutEvents,
  noTotals,
  rejectedRecords,
  remarks,
  skippedTexts,
} from "./import_result.ts";

/** What was imported of a file: of all its parts, if it was split. */
export type FileResult = { readonly name: string; readonly parts: readonly ImportResult[] };

/** Files that are all shown; of more, only those about which there is something to say. */
const SHOWN = 50;

type Row = readonly (string | number | null)[];

/**
 * A table with a row for each file, and one for each part of it that was refused or has rejected
 * records; undefined if there is nothing to show.
 */
export function importTable(files: readonly FileResult[]): string | undefined {
  const shown = files.length <= SHOWN ? files : files.filter(({ parts }) => parts.some(isOdd));
  if (shown.length === 0) return undefined;
  const hasTypes = shown.some(({ parts }) => parts.some(({ typetag }) => typetag !== undefined));
  const rows = shown.flatMap((file) => fileRows(file, hasTypes));
  return table(["file", "events", ...(hasTypes ? ["type"] : []), "remarks"], rows);
}

function fileRows({ name, parts }: FileResult, hasTypes: boolean): Row[] {
  const row = (each: string, some: readonly ImportResult[], text: string | null) => [
    each,
    eventsOf(some),
    ...(hasTypes ? [some[0]!.typetag ?? null] : []),
    text,
  ];
  if (parts.length === 1) return [row(parts[0]!.name, parts, remarks(parts[0]!))];
  const odd = parts.filter(isOdd).map((part) => row(part.name, [part], remarks(part)));
  return [row(name, parts, partsRemarks(parts)), ...odd];
}

function isOdd(one: ImportResult): boolean {
  return hasFailed(one) || rejectedRecords(one) > 0;
}

/** Number of events; null if nothing was read now. */
function eventsOf(parts: readonly ImportResult[]): number | null {
  const isRead = (one: ImportResult) => !("refused" in one || "known" in one);
  if (!parts.some(isRead)) return null;
  const totals = noTotals();
  for (const part of parts) addTotals(totals, part);
  return totals.events;
}

/** What there is to say about the parts of a file together. */
function partsRemarks(parts: readonly ImportResult[]): string {
  const totals = noTotals();
  const skipped = new Map<string, number>();
  for (const part of parts) {
    addTotals(totals, part);
    const added = "filtered" in part ? Object.entries(part.filtered?.skipped ?? {}) : [];
    for (const [what, times] of added) skipped.set(what, (skipped.get(what) ?? 0) + times);
  }
  const empty = parts.filter((part) => isWithoutEvents(part) && !hasFailed(part)).length;
  return [
    counted(parts.length, "part"),
    ...(totals.known > 0 ? [`${totals.known} already known`] : []),
    ...(empty > 0 ? [`${empty} stored without events: no filter read them`] : []),
    ...(totals.refused > 0 ? [`${totals.refused} refused or without events`] : []),
    ...(totals.future > 0 ? [`${counted(totals.future, "event")} later than now`] : []),
    ...(totals.rejected > 0 ? [`${counted(totals.rejected, "record")} rejected`] : []),
    ...skippedTexts(skipped),
  ].join("; ");
}
