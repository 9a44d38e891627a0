import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import { hasLines } from "../../lake/lines.ts";
import { checkUploadFields } from "../../lake/submit.ts";
import type { TypetagSettings } from "../../lake/suggest_typetag.ts";
import { log } from "../../log.ts";
import { FILTERS, READ_FORMATS } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { followFault, watchFault } from "./growth_faults.ts";
import { importAll } from "./import_all.ts";
import { formatArrivals, formatGrowth, importArrivals, importGrowth } from "./import_growth.ts";
import { findInputs } from "./inputs.ts";
import { resolveOrgid } from "./org_option.ts";
import { TIMEZONE_HELP } from "./timezone_option.ts";
import { resolveTypetag } from "./type_option.ts";

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
    .option("--timezone <zone>", TIMEZONE_HELP, "UTC")
    .option("--follow", "go on with the lines that are added to files, over rotation and restarts")
    .option(
      "--watch <folder>",
      "import the files in a folder (not in folders below it), and what arrives or grows later",
    )
    .addHelpText("after", typesHelp)
    .option("--strict", "exit with 1 if any record was rejected, not only if all were")
    .action(async (files: string[], flags: ImportFlags, command: Command) => {
      const { archive } = await context.config();
      checkArguments(files, flags, { settings: archive, command });
      const fault = flags.follow
        ? await followFault(files)
        : flags.watch !== undefined && await watchFault(flags.watch);
      if (fault) command.error(`error: ${fault}`, { exitCode: 2 });
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
  if (follow && (typetag === undefined || !hasLines(typetag) || files.includes("-"))) {
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
  const options = { typetag, org, maxBytes, importOptions };
  if (watch === undefined && !follow) {
    return await importAll(context, await findInputs(files), { ...options, strict });
  }
  const growing = { ...options, positions, signal: context.stopSignal() };
  if (watch !== undefined) {
    const totals = await importArrivals(watch, growing);
    return context.show(totals, () => formatArrivals(totals));
  }
  const totals = await importGrowth(await findInputs(files), { ...growing, typetag: typetag! });
  context.show(totals, () => formatGrowth(totals));
}
