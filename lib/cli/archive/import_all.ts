import type { Imported } from "../../lake/import.ts";
import { importInputs } from "../../lake/import_inputs.ts";
import type { Context } from "../context.ts";
import { counted } from "../../counted.ts";
import { startProgress } from "../progress.ts";
import { table } from "../table.ts";
import {
  addTotals,
  formatTotals,
  hasFailed,
  type ImportResult,
  noTotals,
  rejectedRecords,
  remarks,
  summarize,
} from "./import_result.ts";
import { type FileOptions, readTyped, type TypedInput } from "./typed_inputs.ts";

/** Inputs that are all shown; of more, only those about which there is something to say. */
const SHOWN = 50;

const MEGABYTE = 1_000_000;

/** Imports files one after the other, and shows what became of them. */
export async function importAll(
  context: Pick<Context, "fail" | "show">,
  paths: readonly string[],
  { strict, ...fileOptions }: FileOptions & { readonly strict: boolean },
): Promise<void> {
  const results: ImportResult[] = [];
  const bar = startProgress("Importing", await totalMegabytes(paths), "MB");
  let read = 0;
  const progress = (bytes: number) => {
    const shown = Math.floor(read / MEGABYTE);
    read += bytes;
    bar.add(Math.floor(read / MEGABYTE) - shown);
  };
  try {
    const inputs = readAll(paths, { ...fileOptions, progress });
    for await (const { imported: one, found } of importInputs(inputs)) {
      if (hasFailed(one) || (strict && rejectedRecords(one) > 0)) context.fail();
      results.push({ ...one, ...(found !== undefined && { typetag: found }) });
    }
  } finally {
    bar.stop();
    context.show(results.map(summarize), () => formatResults(results, paths.length));
  }
}

async function* readAll(
  paths: readonly string[],
  options: FileOptions,
): AsyncIterable<TypedInput> {
  for (const path of paths) yield* readTyped(path, options);
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

function formatResults(results: readonly ImportResult[], files: number): string {
  const totals = noTotals();
  for (const one of results) addTotals(totals, one);
  const isShown = (one: Imported) => hasFailed(one) || rejectedRecords(one) > 0;
  const shown = results.length <= SHOWN ? results : results.filter(isShown);
  const summary = [`${counted(files, "file")}: ${formatTotals(totals)}`];
  if (results.some((one) => "reason" in one)) {
    summary.push(
      "",
      "What has no events stays in archive quarantine list; archive reparse TYPE reads it again",
    );
  }
  if (shown.length === 0) return summary.join("\n");
  const hasTypes = shown.some(({ typetag }) => typetag !== undefined);
  const rows = shown.map((one) => [
    one.name,
    "refused" in one || "known" in one ? null : one.filtered?.events ?? 0,
    ...(hasTypes ? [one.typetag ?? null] : []),
    remarks(one),
  ]);
  const header = ["file", "events", ...(hasTypes ? ["type"] : []), "remarks"];
  return [table(header, rows), "", ...summary].join("\n");
}
