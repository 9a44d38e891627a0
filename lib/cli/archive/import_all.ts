import { importInputs } from "../../lake/import_inputs.ts";
import { log } from "../../log.ts";
import type { Context } from "../context.ts";
import { counted } from "../../counted.ts";
import { untilAborted } from "../../until_aborted.ts";
import { startProgress } from "../progress.ts";
import {
  addTotals,
  formatTotals,
  hasFailed,
  type ImportResult,
  isWithoutEvents,
  noTotals,
  rejectedRecords,
  summarize,
} from "./import_result.ts";
import { importTable } from "./import_table.ts";
import { inputName } from "./inputs.ts";
import { type FileOptions, readTyped, type TypedInput } from "./typed_inputs.ts";

const MEGABYTE = 1_000_000;

/** What became of a file, or of one of its parts. */
type ImportedPart = { readonly path: string; readonly result: ImportResult };

/** Imports files one after the other, and shows what became of them. */
export async function importAll(
  context: Pick<Context, "fail" | "show" | "stopSignal" | "endBySignal">,
  paths: readonly string[],
  { strict, ...fileOptions }: FileOptions & { readonly strict: boolean },
): Promise<void> {
  const parts: ImportedPart[] = [];
  const bar = startProgress("Importing", await totalMegabytes(paths), "MB");
  let read = 0;
  const progress = (bytes: number) => {
    const shown = Math.floor(read / MEGABYTE);
    read += bytes;
    bar.add(Math.floor(read / MEGABYTE) - shown);
  };
  const signal = context.stopSignal();
  let complete = 0;
  try {
    const inputs = readAll(paths, { ...fileOptions, progress });
    // Of a file in hand nobody waits for the end: what of it is not stored can be imported again.
    for await (
      const { path, imported: one, found, isLast } of untilAborted(importInputs(inputs), signal)
    ) {
      if (hasFailed(one) || (strict && rejectedRecords(one) > 0)) context.fail();
      parts.push({ path, result: { ...one, ...(found !== undefined && { typetag: found }) } });
      if (isLast) complete++;
    }
  } finally {
    bar.stop();
    const results = parts.map(({ result }) => result);
    warnOfFuture(results);
    context.show(results.map(summarize), () => formatParts(parts, paths.length));
  }
  if (!signal.aborted || complete === paths.length) return;
  log.warn(
    `Stopped: ${complete} of ${counted(paths.length, "file")} imported. Of the next one, ` +
      `${
        paths[complete]
      }, a part may be in the archive. The same command goes on: what is in the ` +
      "archive is known. To take that part back, too, let it end, then archive forget",
  );
  context.endBySignal();
}

/** The parts of all files; the last one of each says so. */
async function* readAll(
  paths: readonly string[],
  options: FileOptions,
): AsyncIterable<TypedInput & { readonly path: string; readonly isLast: boolean }> {
  for (const path of paths) {
    let part: TypedInput | undefined;
    for await (const next of readTyped(path, options)) {
      if (part !== undefined) yield { ...part, path, isLast: false };
      part = next;
    }
    if (part !== undefined) yield { ...part, path, isLast: true };
  }
}

/** Size of files together, rounded up; null if it is not known. */
async function totalMegabytes(paths: readonly string[]): Promise<number | null> {
  let bytes = 0;
  for (const path of paths) {
    const info = await Deno.stat(path).catch(() => undefined);
    if (info === undefined || !info.isFile) return null;
    bytes += info.size;
  }
  return Math.ceil(bytes / MEGABYTE);
}

/** Warns of events that questions do not find unless their range goes on beyond now. */
function warnOfFuture(results: readonly ImportResult[]): void {
  const totals = noTotals();
  for (const one of results) addTotals(totals, one);
  if (totals.future === 0) return;
  log.warn(
    `${counted(totals.future, "event")} later than now (by over a day): questions end with now ` +
      "unless --to says otherwise. If the time is wrong, mend its source and take the import back " +
      "with archive forget",
  );
}

function formatParts(parts: readonly ImportedPart[], files: number): string {
  const results = parts.map(({ result }) => result);
  const totals = noTotals();
  for (const one of results) addTotals(totals, one);
  const summary = [`${counted(files, "file")}: ${formatTotals(totals)}`];
  const empty = results.filter(isWithoutEvents).length;
  if (empty > 0) {
    summary.push(
      "",
      `Stored, but without events: ${empty}. archive quarantine list names them; once a filter ` +
        "can read them, archive reparse TYPE does. If the type is wrong, take them back with archive " +
        "forget, and import them as what they are",
    );
  }
  const shown = importTable(
    [...Map.groupBy(parts, ({ path }) => path)]
      .map(([path, some]) => ({ name: inputName(path), parts: some.map(({ result }) => result) })),
  );
  return [...(shown === undefined ? [] : [shown, ""]), ...summary].join("\n");
}
