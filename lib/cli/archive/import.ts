import type { Command } from "commander";
import { backoff } from "../../backoff.ts";
import { nowSeconds } from "../../clock.ts";
import { errorMessage, StoreUnavailable } from "../../errors.ts";
import { type Imported, importOne, type ImportOptions } from "../../lake/import.ts";
import { isSupported } from "../../lake/parse.ts";
import { checkUploadFields } from "../../lake/submit.ts";
import { log } from "../../log.ts";
import { sleep } from "../../sleep.ts";
import { FILTERS } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { startProgress } from "../progress.ts";
import { table } from "../table.ts";
import { findInputs, type InputOptions, readInputs } from "./inputs.ts";
import { resolveOrgid } from "./org_option.ts";
import { settledFiles } from "./watch.ts";

type ImportFlags = {
  readonly type: string;
  readonly org: string;
  readonly timezone: string;
  readonly watch?: string;
};

export function importCommand(context: Context): Command {
  return newCommand("import", "archive local files right away, without a key or a cache lake", [
    "archive import cowrie.json --type cowrie --org example",
    "archive import 'feeds/*.txt' --type ioc_list --org example --json",
    "archive import --watch /var/spool/feeds --type stix --org example",
  ])
    .argument("[file...]", "files or patterns; - is standard input")
    .requiredOption("-t, --type <type>", `type of the data: ${[...FILTERS.keys()].join(", ")}`)
    .requiredOption("-o, --org <org>", "organisation that the data is from: its hash or name")
    .option("--timezone <zone>", "time zone of times that name none", "UTC")
    .option("--watch <folder>", "import the files in a folder, and those that arrive later")
    .action(async (files: string[], flags: ImportFlags, command: Command) => {
      const { archive: { typetags } } = await context.config();
      checkArguments(files, flags, { typetags, command });
      await importFiles(context, files, { ...flags, command });
    });
}

function checkArguments(
  files: readonly string[],
  { type: typetag, org: orgid, timezone, watch }: ImportFlags,
  { typetags, command }: { readonly typetags: readonly string[]; readonly command: Command },
): void {
  const refuse = (fault: string) => command.error(`error: ${fault}`, { exitCode: 2 });
  if ((files.length === 0) === (watch === undefined)) {
    refuse("give either files or --watch FOLDER");
  }
  if (!isSupported(typetag, typetags)) {
    refuse(`type ${typetag} is not supported: add it to archive.typetags`);
  }
  try {
    checkUploadFields({ typetag, timezone, orgid });
  } catch (error) {
    refuse(errorMessage(error));
  }
}

async function importFiles(
  context: Context,
  files: readonly string[],
  { type: typetag, org, timezone, watch, command }: ImportFlags & { readonly command: Command },
): Promise<void> {
  const { archive: { maxBytes, filters } } = await context.config();
  const orgid = await resolveOrgid(context, org, command);
  const { archive, prepare } = await context.stores("archive");
  for (const notice of await prepare()) log.warn(notice);
  const importOptions: ImportOptions = {
    archive,
    filters: filters ? FILTERS : new Map(),
    upload: { typetag, timezone, orgid },
    now: nowSeconds,
  };
  const inputOptions = { lines: false, name: undefined, maxBytes };
  if (watch !== undefined) {
    const signal = context.stopSignal();
    return await importArrivals(watch, { inputOptions, importOptions, signal });
  }
  const inputs = readInputs(await findInputs(files), inputOptions);
  await importAll(context, inputs, importOptions);
}

type ArrivalOptions = {
  readonly inputOptions: InputOptions;
  readonly importOptions: ImportOptions;
  readonly signal: AbortSignal;
};

/** Imports the files of a folder, and those that arrive later, until the signal aborts. */
async function importArrivals(
  folder: string,
  { inputOptions, importOptions, signal }: ArrivalOptions,
): Promise<void> {
  for await (const path of settledFiles(folder, signal)) {
    for await (const input of readInputs([path], inputOptions)) {
      const work = async () => logImported(await importOne(input, importOptions));
      await retryWhileUnavailable(work, signal);
    }
  }
}

/** Works; as long as the database is unavailable, waits and tries again. */
async function retryWhileUnavailable(
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let attempts = 0; !signal.aborted; attempts++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      const seconds = Math.min(backoff(attempts), 60);
      log.warn(error.message, { retryIn: `${seconds.toFixed(1)}s` });
      await sleep(seconds * 1000, signal);
    }
  }
}

async function importAll(
  context: Pick<Context, "fail" | "show">,
  inputs: ReturnType<typeof readInputs>,
  options: ImportOptions,
): Promise<void> {
  const imported: Imported[] = [];
  const bar = startProgress("Importing", null);
  try {
    for await (const input of inputs) {
      const one = await importOne(input, options);
      if ("refused" in one || "reason" in one) context.fail();
      imported.push(one);
      bar.add(1);
    }
  } finally {
    bar.stop();
    context.show(imported.map(summarize), () => formatImported(imported));
  }
}

function logImported(imported: Imported): void {
  const { name, ...fields } = summarize(imported);
  const present = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  const message = "refused" in imported ? "Cannot import" : "Imported";
  const level = "refused" in imported || "reason" in imported ? "warn" : "info";
  log[level](`${message} ${name}`, Object.fromEntries(present));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Replaces the events of an imported file by their number. */
function summarize(imported: Imported) {
  if ("refused" in imported) return imported;
  const { name, ref } = imported;
  if ("known" in imported) return { name, ref, known: true };
  const { filtered, reason } = imported;
  return {
    name,
    ref,
    events: filtered?.events.length ?? 0,
    ...(reason !== undefined && { reason }),
    ...(filtered !== undefined && { rejected: filtered.rejected, skipped: filtered.skipped }),
  };
}

function formatImported(imported: readonly Imported[]): string {
  const rows = imported.map((one) => {
    if ("refused" in one) return [one.name, null, `refused: ${one.refused}`];
    if ("known" in one) return [one.name, null, "already known"];
    return [one.name, one.filtered?.events.length ?? 0, remarks(one)];
  });
  return table(["file", "events", "remarks"], rows);
}

function remarks({ filtered, reason }: Exclude<Imported, { refused: string } | { known: true }>) {
  if (reason !== undefined) return `no events: ${reason}`;
  if (filtered === undefined) return "stored without events: no filter read it";
  const { rejected: [first, ...others], skipped } = filtered;
  return [
    ...(first === undefined
      ? []
      : [`${1 + others.length} records rejected, the first: ${first.record}: ${first.reason}`]),
    ...Object.entries(skipped).map(([what, times]) => `${times} × ${what} skipped`),
  ].join("; ") || null;
}
