import { type Command, InvalidArgumentError } from "commander";
import { nowSeconds } from "../../clock.ts";
import type { EntryFilter, FinalState, FinishedEntries } from "../../lake/lake.ts";
import { purge } from "../../lake/purge.ts";
import { log } from "../../log.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { table } from "../table.ts";
import { formatTime } from "../../time.ts";
import { counted } from "../../counted.ts";
import { readAge, readText } from "./flag_values.ts";
import { orgidsOf } from "./orgids.ts";
import { namesOfTypetag } from "./type_option.ts";
import { warnOfUnknownNames } from "./unknown_names.ts";
import { warnOfUnnameable } from "./warn_of_unnameable.ts";
import { checkSafety, isConfirmed, type SafetyOptions, withSafety } from "../safety.ts";

type Options = SafetyOptions & {
  readonly olderThan: number;
  readonly state?: readonly FinalState[];
  readonly type?: string;
  readonly org?: string;
};

const STATES: readonly FinalState[] = ["SUCCESS", "NOT_SUPPORTED", "ERROR"];

/** What went from the lake, or would go. */
type Result = {
  readonly dryRun: boolean;
  /** Seconds since 1970: entries from before then go. */
  readonly before: number;
  readonly entries: number;
  readonly bytes: number;
  readonly states: FinishedEntries;
  /** Entries that stay because no id names them; missing if there are none. */
  readonly unnameable?: number;
};

export function purgeCommand(context: Context): Command {
  const command = newCommand(
    "purge",
    "delete old finished entries and their files from the cache lake; the archive stays",
    [
      "archive purge --older-than 90d --dry-run",
      "archive purge --older-than 90d --state SUCCESS --yes",
    ],
  )
    .requiredOption(
      "--older-than <age>",
      "entries uploaded longer ago than this: 90d, 12h, 4w",
      readAge,
    )
    .option("--state <state>", `only ${STATES.join(", ")}; may be repeated`, addState)
    .option("-t, --type <type>", "only of this type", readText)
    .option("-o, --org <org>", "only of this organisation: its hash or name", readText);
  return withSafety(command)
    .addHelpText(
      "after",
      "\nWaiting and claimed entries stay, and so do entries that do not say when they came.\n" +
        "What is deleted cannot be replayed, nor archived again with run --force.",
    )
    .action((options: Options, self: Command) => {
      checkSafety({ ...options, deed: "purge deletes for good" }, self);
      return purgeLake(context, options);
    });
}

function addState(text: string, before: readonly FinalState[] = []): readonly FinalState[] {
  const state = STATES.find((state) => state === text.toUpperCase());
  if (state === undefined) throw new InvalidArgumentError(`Give one of ${STATES.join(", ")}.`);
  return [...before, state];
}

async function purgeLake(context: Context, options: Options): Promise<void> {
  const signal = context.stopSignal();
  const { lake } = await context.stores("lake");
  const before = nowSeconds() - options.olderThan;
  const filter = { ...await filterOf(context, options), before };
  const states = await lake.countFinished(filter);
  const all = Object.values(states);
  const found: Result = {
    dryRun: true,
    before,
    entries: all.reduce((sum, { entries }) => sum + entries, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    states,
  };
  if (found.entries === 0) await warnOfUnknownNames(context, options);
  if (options.dryRun || found.entries === 0) return context.show(found, () => format(found));
  const question = "Delete this for good?";
  if (!options.yes && !await isConfirmed(format(found), { question, signal })) {
    return context.show(found, () => "Nothing was changed");
  }
  const { purged: entries, unnameable } = await purge({
    lake,
    filter,
    signal,
    purged: (purged) => {
      for (const { id, state, name } of purged) log.info("Purged", { entry: id, state, name });
    },
  });
  const kept = { ...(unnameable > 0 && { unnameable }) };
  const done = { ...found, dryRun: false, entries, ...kept };
  context.show(done, () => format(done));
  warnOfUnnameable(unnameable);
  if (!signal.aborted) return;
  context.fail();
  log.warn("Stopped before all was purged. The same command goes on");
}

async function filterOf(
  context: Context,
  { state: states = STATES, type, org }: Options,
): Promise<EntryFilter & { readonly states: readonly FinalState[] }> {
  const { archive } = await context.config();
  return {
    states,
    ...(type !== undefined && { typetags: namesOfTypetag(type, archive.aliases) }),
    ...(org !== undefined && { orgids: await orgidsOf(context, org) }),
  };
}

function format({ dryRun, before, entries, bytes, states }: Result): string {
  const time = formatTime(Math.floor(before));
  if (entries === 0) return `Nothing to purge: no finished entry was uploaded before ${time}`;
  const count = counted(entries, "entry", "entries");
  if (!dryRun) return `${count} purged, uploaded before ${time}`;
  const rows = Object.entries(states).map((
    [state, { entries, bytes }],
  ) => [state, entries, bytes]);
  return [
    table(["state", "entries", "bytes"], rows),
    "",
    `${count} of ${counted(bytes, "byte")} would be purged, uploaded before ${time}`,
  ].join("\n");
}
