import type { Command } from "commander";
import { errorMessage } from "../../errors.ts";
import { namesByHash, orgsAmong } from "../../identity/org.ts";
import { forget, type ForgottenRaw } from "../../lake/forget.ts";
import type { CacheLake, EntryFilter } from "../../lake/lake.ts";
import { purge } from "../../lake/purge.ts";
import { log } from "../../log.ts";
import { FILTERS } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { formatTime } from "../../time.ts";
import { type ForgottenFile, ForgottenFiles } from "./forgotten_files.ts";
import { addHash, addText, readText, readTime } from "./flag_values.ts";
import { chooseUploads, type Chosen, type Selecting } from "./forget_selection.ts";
import { type ForgetResult, formatForgotten, isEmpty } from "./forget_text.ts";
import { warnOfUnknownNames } from "./unknown_names.ts";
import { warnOfUnnameable } from "./warn_of_unnameable.ts";
import { checkSafety, isConfirmed, type SafetyOptions, withSafety } from "../safety.ts";

type Options = Selecting & SafetyOptions & { readonly keepEntries?: true };

/** The highest limit that every database takes. */
const ALL = 2 ** 31 - 1;

export function forgetCommand(context: Context): Command {
  const command = newCommand(
    "forget",
    "take back what uploads brought: Raws, events, and all that nothing else holds",
    [
      "archive forget --file cowrie.json --dry-run     shows what would go",
      "archive forget --raw 8dd1…                       asks, then does it",
      "archive forget --org example --type stix --since 2026-01-31 --yes",
    ],
  )
    .option("--raw <hash>", "what became this Raw; may be repeated", addHash)
    .option(
      "--file <name>",
      "what is in this file; a bare name or pattern: also uploads of that name; may be repeated",
      addText,
    )
    .option("-t, --type <type>", "uploads of this type", readText)
    .option("-o, --org <org>", "uploads of this organisation: its hash or name", readText)
    .option("--since <time>", "uploads that were sent since then", readTime)
    .option("--before <time>", "uploads that were sent before then", readTime)
    .option("--keep-entries", "leave the uploads in the lake: run --force archives them again");
  return withSafety(command)
    .addHelpText(
      "after",
      "\nSeveral conditions: all of them must hold. What other uploads brought as well stays.\n" +
        "Killed or stopped, the same command goes on where it was.",
    )
    .action((options: Options, self: Command) => {
      checkSelecting(options, self);
      checkSafety({ ...options, deed: "forget deletes for good" }, self);
      return forgetUploads(context, options);
    });
}

function checkSelecting(
  { raw, file, type, org, since, before }: Selecting,
  command: Command,
): void {
  const refuse = (what: string) => command.error(`error: ${what}`, { exitCode: 2 });
  if ([raw, file, type, org, since, before].every((value) => value === undefined)) {
    refuse("say what to forget: --raw, --file, --type, --org, --since or --before");
  }
  if (since !== undefined && before !== undefined && since >= before) {
    refuse("no time is both since --since and before --before: give the earlier one as --since");
  }
}

async function forgetUploads(context: Context, options: Options): Promise<void> {
  const chosen = await chooseUploads(context, options);
  for (const what of chosen.missing) {
    log.warn(`Nothing is stored of ${what}`);
    context.fail();
  }
  for (const what of chosen.staying) log.warn(`Stays: ${what}`);
  const work = { chosen, keepEntries: options.keepEntries === true };
  let total: number | null = null;
  if (options.dryRun || !options.yes) {
    // Looking leaves nothing half done: until somebody is asked, a signal ends the program at once.
    const result = await lookAt(context, work);
    total = result.raws + result.rawsKept;
    if (isEmpty(result)) await warnOfUnknownNames(context, options);
    if (options.dryRun || isEmpty(result)) {
      return context.show(result, () => formatForgotten(result, { selecting: options }));
    }
    const asked = { question: "Delete this for good?", signal: context.stopSignal() };
    if (
      !await isConfirmed(formatForgotten(result, { selecting: options, purpose: "asking" }), asked)
    ) {
      return context.show({ ...result, dryRun: true }, () => "Nothing was changed");
    }
  }
  const signal = context.stopSignal();
  const result = await carryOut(context, { ...work, total, signal });
  if (isEmpty(result) && !signal.aborted) await warnOfUnknownNames(context, options);
  context.show(result, () => formatForgotten(result, { selecting: options }));
  if (!signal.aborted) return;
  context.fail();
  log.warn("Stopped before all was forgotten. The same command goes on");
}

type Work = {
  readonly chosen: Chosen;
  readonly keepEntries: boolean;
};

/** Counts what would go. */
async function lookAt(
  context: Context,
  { chosen, keepEntries }: Work,
): Promise<ForgetResult> {
  const { archive, lake } = await context.stores("archive", "lake");
  const { selection, entries } = chosen;
  const files = new ForgottenFiles();
  const forgot = (raw: ForgottenRaw) => files.add(raw);
  const { signal } = new AbortController();
  const sum = await forget({ archive, filters: FILTERS, selection, dryRun: true, signal, forgot });
  const count = keepEntries ? 0 : await countEntries(lake, entries);
  const listed = await withOrgnames(context, await files.list(lake));
  return { ...sum, dryRun: true, entries: count, files: listed };
}

/** Adds the names of organisations; those who may not read the identities see their hashes. */
async function withOrgnames(
  context: Context,
  files: readonly ForgottenFile[],
): Promise<readonly ForgottenFile[]> {
  try {
    const { identity } = await context.stores("identity");
    const names = namesByHash(await orgsAmong(identity, files.map(({ org }) => org)));
    return files.map((file) => {
      const orgname = names.get(file.org);
      return { ...file, ...(orgname !== undefined && { orgname }) };
    });
  } catch (error) {
    log.debug(`Cannot read the identities: ${errorMessage(error)}`);
    return files;
  }
}

/** Entries that any of the filters selects. */
async function countEntries(
  lake: Pick<CacheLake, "countFinished" | "list">,
  filters: readonly EntryFilter[],
): Promise<number> {
  const [first = {}, ...others] = filters;
  if (others.length === 0) return (await lake.countFinished(first)).SUCCESS.entries;
  const ids = new Set<string>();
  for (const filter of filters) {
    for (const { id } of await lake.list(filter, ALL)) ids.add(id);
  }
  return ids.size;
}

/** Forgets, first in the archive: as long as there is an entry, it says what remains to be done. */
async function carryOut(
  context: Context,
  { chosen, signal, keepEntries, total }: Work & {
    readonly signal: AbortSignal;
    /** Number of Raws, if it is known. */
    readonly total: number | null;
  },
): Promise<ForgetResult> {
  const { archive, lake } = await context.stores("archive", "lake");
  const { selection } = chosen;
  let count = 0;
  const forgot = (raw: ForgottenRaw) =>
    tell(raw, `${++count}${total === null ? "" : ` of ${total}`}`);
  const sum = await forget({ archive, filters: FILTERS, selection, dryRun: false, signal, forgot });
  let entries = 0;
  for (const filter of keepEntries ? [] : chosen.entries) {
    const { purged, unnameable } = await purge({
      lake,
      filter: { states: ["SUCCESS"], ...filter },
      signal,
      purged: (purged) => {
        for (const { id, name } of purged) log.info("Deleted from the lake", { entry: id, name });
      },
    });
    entries += purged;
    warnOfUnnameable(unnameable);
  }
  return { ...sum, dryRun: false, entries };
}

/** One line of the log for each upload; `number` is that of its Raw. */
function tell({ raw, typetag, sources, isShared }: ForgottenRaw, number: string): void {
  for (const { orgid, timestamp } of sources) {
    log.info("Forgot", {
      number,
      raw,
      type: typetag,
      org: orgid,
      sent: timestamp === undefined ? undefined : formatTime(timestamp),
      ...(isShared && { stays: "others sent the same data" }),
    });
  }
}
