import { type Command, InvalidArgumentError } from "commander";
import type { EntryFilter, EntrySummary, FinalState } from "../../lake/lake.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parseLimit } from "../limit.ts";
import { table } from "../table.ts";
import { formatTime } from "../time.ts";

/** State of an entry; EVENTS_REJECTED: it became a Raw, but its filter rejected its events. */
type QuarantineState = FinalState | "EVENTS_REJECTED";

type SelectionFlags = { readonly state?: readonly QuarantineState[]; readonly type?: string };

/** States of the entries that are in quarantine. */
const QUARANTINED: readonly QuarantineState[] = ["NOT_SUPPORTED", "ERROR", "EVENTS_REJECTED"];
const STATES: readonly QuarantineState[] = [...QUARANTINED, "SUCCESS"];

export function quarantineCommand(context: Context): Command {
  return newCommand(
    "quarantine",
    "inspect uploads that could not be archived or read, or put them back",
    [
      "archive quarantine list --state ERROR",
      "archive quarantine replay --type stix",
    ],
  )
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(replayCommand(context));
}

function listCommand(context: Context): Command {
  const command = newCommand("list", "list entries, newest first", [
    "archive quarantine list",
    "archive quarantine list --state NOT_SUPPORTED --type own_feed --json",
    "archive quarantine list --state EVENTS_REJECTED",
  ]).argument("[id...]", "only these entries");
  return addSelectionOptions(command)
    .option("--limit <number>", "list at most this many", parseLimit, 100)
    .action((ids: string[], flags: SelectionFlags & { limit: number }) =>
      listEntries(context, entryFilters(ids, flags), flags.limit)
    );
}

function showCommand(context: Context): Command {
  return newCommand("show", "show everything that is known about an entry", [
    "archive quarantine show 65f0c0ffee0123456789abcd",
  ])
    .argument("<id>", "the entry, in any state")
    .action((id: string) => showEntry(context, id));
}

function replayCommand(context: Context): Command {
  const replay = newCommand(
    "replay",
    "put entries back into the lake, so that they are archived again",
    [
      "archive quarantine replay 65f0c0ffee0123456789abcd",
      "archive quarantine replay --all",
    ],
  ).argument("[id...]", "only these entries");
  return addSelectionOptions(replay)
    .option("--all", "put back every entry in quarantine")
    .action((ids: string[], flags: SelectionFlags & { all?: true }, command: Command) => {
      if (ids.length === 0 && !flags.all && !flags.state && !flags.type) {
        command.error("error: give ids, --state, --type or --all", { exitCode: 2 });
      }
      return replayEntries(context, entryFilters(ids, flags), ids);
    });
}

function addSelectionOptions(command: Command): Command {
  return command
    .option(
      "--state <state>",
      `only entries in this state: ${STATES.join(", ")}; may be given several times`,
      addState,
    )
    .option("-t, --type <type>", "only entries of this type");
}

function addState(
  text: string,
  before: readonly QuarantineState[] = [],
): readonly QuarantineState[] {
  const state = STATES.find((state) => state === text.toUpperCase());
  if (state === undefined) throw new InvalidArgumentError(`Give one of ${STATES.join(", ")}.`);
  return [...before, state];
}

/** Builds filters that together select the entries. */
function entryFilters(ids: readonly string[], { state, type }: SelectionFlags): EntryFilter[] {
  const common = { ...(type !== undefined && { typetag: type }), ...(ids.length > 0 && { ids }) };
  const selected = state ?? QUARANTINED;
  const final = selected.filter((state) => state !== "EVENTS_REJECTED");
  return [
    ...(final.length > 0 ? [{ ...common, states: final }] : []),
    ...(final.length < selected.length ? [{ ...common, events: "rejected" as const }] : []),
  ];
}

async function listEntries(
  context: Context,
  filters: readonly EntryFilter[],
  limit: number,
): Promise<void> {
  const { lake } = await context.stores("lake");
  const found = (await Promise.all(filters.map((filter) => lake.list(filter, limit)))).flat();
  const entries = [...new Map(found.map((entry) => [entry.id, entry])).values()]
    .toSorted((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0))
    .slice(0, limit);
  context.show(entries, () => {
    if (entries.length === 0) return "No entries";
    const rows = entries.map(({ id, typetag, name, timestamp, reason, ...entry }) => [
      id,
      displayState(entry),
      typetag,
      name,
      formatTime(timestamp),
      reason,
    ]);
    return table(["id", "state", "type", "name", "uploaded", "reason"], rows);
  });
}

function displayState({ state, events }: Pick<EntrySummary, "state" | "events">): string {
  return events === "rejected" ? "EVENTS_REJECTED" : state;
}

async function showEntry(context: Context, id: string): Promise<void> {
  const { lake } = await context.stores("lake");
  const [entry] = await lake.list({ ids: [id] }, 1);
  if (entry === undefined) throw new RangeError(`Cannot show entry ${id}: there is no such entry`);
  context.show(entry, () => formatEntry(entry));
}

function formatEntry(entry: EntrySummary): string {
  return table([], [
    ["id", entry.id],
    ["state", displayState(entry)],
    ["reason", entry.reason],
    ["type", entry.typetag],
    ["name", entry.name],
    ["organisation", entry.orgid],
    ["uploaded", formatTime(entry.timestamp)],
    ["envelope", entry.size === null ? "missing" : `${entry.size} bytes`],
    ["attempts", String(entry.attempts)],
    ...(entry.refs.length > 0 ? entry.refs : [null]).map((ref) => ["raw", ref]),
  ]);
}

async function replayEntries(
  context: Context,
  filters: readonly EntryFilter[],
  ids: readonly string[],
): Promise<void> {
  const { lake } = await context.stores("lake");
  let replayed = 0;
  for (const filter of filters) replayed += await lake.reopen(filter);
  context.show({ replayed }, () => `${replayed} put back`);
  const wanted = new Set(ids).size;
  if (replayed < wanted) {
    throw new RangeError(
      `Cannot put back ${wanted - replayed} of ${wanted} entries: ` +
        "they do not exist, or are in another state (see --state)",
    );
  }
}
