import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { backoff } from "../../backoff.ts";
import { nowSeconds } from "../../clock.ts";
import { errorMessage, StoreUnavailable } from "../../errors.ts";
import { exists } from "../../exists.ts";
import { type Imported, importOne, type ImportOptions } from "../../lake/import.ts";
import type { Positions } from "../../lake/positions.ts";
import { checkUploadFields, type InputFile, type UploadFields } from "../../lake/submit.ts";
import { log } from "../../log.ts";
import { sleep } from "../../sleep.ts";
import { FILTERS, READ_FORMATS } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { startProgress } from "../progress.ts";
import { followFile } from "./follow.ts";
import { formatImported, logImported, summarize } from "./import_text.ts";
import { findInputs, inputName, readInputs } from "./inputs.ts";
import { resolveOrgid } from "./org_option.ts";
import { resolveTypetag, type TypetagSettings } from "./type_option.ts";
import { typeOf } from "./types.ts";
import { settledFiles } from "./watch.ts";

type ImportFlags = {
  readonly type?: string;
  readonly org: string;
  readonly timezone: string;
  readonly watch?: string;
  readonly strict?: boolean;
  readonly follow?: boolean;
};

export function importCommand(context: Context): Command {
  return newCommand("import", "archive local files right away, without a key or a cache lake", [
    "archive import cowrie.json --type cowrie --org example",
    "archive import 'feeds/*.txt' --type ioc_list --org example --json",
    "archive import /var/log/cowrie --org example",
    "archive import --follow /var/log/cowrie/cowrie.json --type cowrie --org example",
    "archive import --watch /var/spool/feeds --type stix --org example",
  ])
    .argument("[file...]", "files, patterns or folders (without hidden files); - is standard input")
    .option(
      "-t, --type <type>",
      `type of the data: ${[...FILTERS.keys()].join(", ")}; without it, each file's name and ` +
        "content must leave no doubt (archive types FILE)",
    )
    .requiredOption("-o, --org <org>", "organisation that the data is from: its hash or name")
    .option("--timezone <zone>", "time zone of times that name none", "UTC")
    .option("--follow", "go on with the lines that are added to files, over rotation and restarts")
    .option("--watch <folder>", "import the files in a folder, and those that arrive later")
    .addHelpText("after", typesHelp)
    .option("--strict", "exit with 1 if any record was rejected, not only if all were")
    .action(async (files: string[], flags: ImportFlags, command: Command) => {
      const { archive } = await context.config();
      checkArguments(files, flags, { settings: archive, command });
      await importFiles(context, files, { ...flags, command });
    });
}

/** What each type is, for the end of the help. */
function typesHelp(): string {
  const width = Math.max(...[...FILTERS.keys()].map(({ length }) => length));
  const lines = [...FILTERS.keys()].map((type) => `  ${type.padEnd(width)}  ${READ_FORMATS[type]}`);
  return `\nTypes:\n${
    lines.join("\n")
  }\n\nA file may be compressed with gzip, and in UTF-8 or UTF-16.`;
}

function checkArguments(
  files: readonly string[],
  { type, org: orgid, timezone, watch, follow, strict }: ImportFlags,
  { settings, command }: { readonly settings: TypetagSettings; readonly command: Command },
): void {
  const refuse = (fault: string) => command.error(`error: ${fault}`, { exitCode: 2 });
  const typetag = type === undefined ? undefined : resolveTypetag(type, settings, command);
  if (follow && files.length === 0) refuse("--follow needs the files to follow");
  if ((files.length === 0) === (watch === undefined)) {
    refuse("give either files or --watch FOLDER");
  }
  if ((watch !== undefined || follow) && strict) {
    refuse("--strict is for files that end: it excludes --watch and --follow");
  }
  if (watch !== undefined && follow) refuse("give either --watch FOLDER or --follow");
  if (follow && (typetag === undefined || !isLines(typetag) || files.includes("-"))) {
    refuse("--follow reads files line by line: give --type, but not email, misp or stix");
  }
  if (typetag === undefined && files.includes("-")) {
    refuse("give --type TYPE: what comes from standard input has no name that says what it is");
  }
  try {
    checkUploadFields({ typetag: typetag ?? "any", timezone, orgid });
  } catch (error) {
    refuse(errorMessage(error));
  }
}

/** Whether data of a type consists of lines that can be read one by one. */
function isLines(typetag: string): boolean {
  return !["email", "misp", "stix"].includes(typetag);
}

async function importFiles(
  context: Context,
  files: readonly string[],
  { type, org, timezone, watch, follow, strict = false, command }: ImportFlags & {
    readonly command: Command;
  },
): Promise<void> {
  const { archive: config } = await context.config();
  const { maxBytes, filters } = config;
  const typetag = type === undefined ? undefined : resolveTypetag(type, config, command);
  const orgid = await resolveOrgid(context, org, command);
  const { archive, positions, prepare } = await context.stores("archive", "positions");
  for (const notice of await prepare()) log.warn(notice);
  const importOptions = {
    archive,
    filters: filters ? FILTERS : new Map(),
    upload: { timezone, orgid },
    now: nowSeconds,
  };
  const options = { typetag, maxBytes, importOptions };
  if (watch !== undefined) {
    await checkFolder(watch, "watch");
    return await importArrivals(watch, { ...options, signal: context.stopSignal() });
  }
  if (follow) {
    for (const path of files) {
      await checkFolder(dirname(resolve(path)), "follow files in");
      if (!await exists(path)) log.warn(`Waiting for ${path}: there is no such file yet`);
    }
    const upload = { ...importOptions.upload, typetag: typetag! };
    const signal = context.stopSignal();
    return await followAll(files, { positions, signal, options: { ...importOptions, upload } });
  }
  await importAll(context, await findInputs(files), { ...options, strict });
}

/**
 * Checks that there is a folder to look into.
 *
 * @throws {RangeError} when there is none.
 */
async function checkFolder(path: string, purpose: string): Promise<void> {
  if ((await Deno.stat(path).catch(() => undefined))?.isDirectory) return;
  const what = await exists(path) ? "it is a file" : "there is no such folder";
  throw new RangeError(`Cannot ${purpose} ${path}: ${what}. Check its spelling, or make it first`);
}

/** Imports the lines that are added to files, until the program is told to stop. */
async function followAll(
  files: readonly string[],
  { positions, signal, options }: {
    readonly positions: Positions;
    readonly signal: AbortSignal;
    readonly options: ImportOptions;
  },
): Promise<void> {
  const { typetag, orgid, timezone } = options.upload;
  await Promise.all(files.map((path) =>
    followFile(path, {
      positions,
      source: [typetag, orgid, timezone],
      signal,
      now: options.now,
      retry: (work) => retryWhileUnavailable(work, signal),
      importLines: async ({ data, offset, timestamp }) => {
        const input = { name: `${inputName(path)}@${offset}`, data, modified: timestamp };
        logImported(await importOne(input, options));
      },
    })
  ));
}

type FileOptions = {
  /** The type of all files; without it each file's own is found out. */
  readonly typetag: string | undefined;
  readonly maxBytes: number;
  readonly importOptions: Omit<ImportOptions, "upload"> & {
    readonly upload: Omit<UploadFields, "typetag">;
  };
};

/** The parts of a file, each with how to import it; if its type is in doubt, an error instead. */
async function* readTyped(
  path: string,
  { typetag: given, maxBytes, importOptions }: FileOptions,
): AsyncIterable<{ readonly input: InputFile; readonly options: ImportOptions }> {
  const { typetag, reason } = given === undefined ? await typeOf(path) : { typetag: given };
  const upload = { ...importOptions.upload, typetag: typetag ?? "" };
  const options = { ...importOptions, upload };
  if (typetag === null) {
    const error = new Error(`${reason}. Give --type TYPE`);
    yield { input: { name: inputName(path), data: error }, options };
    return;
  }
  if (given === undefined) log.info(`Taken for ${typetag}: ${path}`, { because: reason });
  const inputs = readInputs([path], { lines: false, name: undefined, maxBytes, typetag });
  for await (const input of inputs) yield { input, options };
}

/** Imports the files of a folder, and those that arrive later, until the signal aborts. */
async function importArrivals(
  folder: string,
  { signal, ...fileOptions }: FileOptions & { readonly signal: AbortSignal },
): Promise<void> {
  for await (const path of settledFiles(folder, signal)) {
    for await (const { input, options } of readTyped(path, fileOptions)) {
      const work = async () => logImported(await importOne(input, options));
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
  paths: readonly string[],
  { strict, ...fileOptions }: FileOptions & { readonly strict: boolean },
): Promise<void> {
  const imported: Imported[] = [];
  const bar = startProgress("Importing", null);
  try {
    for (const path of paths) {
      for await (const { input, options } of readTyped(path, fileOptions)) {
        const one = await importOne(input, options);
        if ("refused" in one || "reason" in one) context.fail();
        if (strict && hasRejectedRecords(one)) context.fail();
        imported.push(one);
        bar.add(1);
      }
    }
  } finally {
    bar.stop();
    context.show(imported.map(summarize), () => formatImported(imported));
  }
}

function hasRejectedRecords(imported: Imported): boolean {
  return "filtered" in imported && (imported.filtered?.rejected.length ?? 0) > 0;
}
