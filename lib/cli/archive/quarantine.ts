import { type Command, InvalidArgumentError } from "commander";
import type { EntryFilter, EntrySummary, FinalState } from "../../lake/lake.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { table } from "../table.ts";
import { formatTime } from "../time.ts";

/** EVENTS_REJECTED: it became a Raw, but its filter rejected it. */
type State = FinalState | "EVENTS_REJECTED";
type FilterOptions = { readonly state?: readonly State[]; readonly type?: string };

/** What is in quarantine if nothing else is asked for. */
const failed: readonly State[] = ["NOT_SUPPORTED", "ERROR", "EVENTS_REJECTED"];
const states: readonly State[] = [...failed, "SUCCESS"];

export function quarantineCommand(context: Context): Command {
  return newCommand(
    "quarantine",
    "look at uploads that could not be archived or read, or try them again",
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
  return withFilters(command)
    .option("--limit <number>", "list at most so many", parseLimit, 100)
    .action((ids: string[], options: FilterOptions & { limit: number }) =>
      listEntries(context, filtersOf(ids, options), options.limit)
    );
}

function showCommand(context: Context): Command {
  return newCommand("show", "show all that is known of an entry", [
    "archive quarantine show 65f0c0ffee0123456789abcd",
  ])
    .argument("<id>", "the entry, in any state")
    .action((id: string) => showEntry(context, id));
}

function replayCommand(context: Context): Command {
  const command = newCommand("replay", "put entries back into the lake, to be archived again", [
    "archive quarantine replay 65f0c0ffee0123456789abcd",
    "archive quarantine replay --all",
  ]).argument("[id...]", "these entries");
  return withFilters(command)
    .option("--all", "every entry that could not be archived")
    .action((ids: string[], options: FilterOptions & { all?: true }, self: Command) => {
      if (ids.length === 0 && !options.all && !options.state && !options.type) {
        self.error("error: give ids, --state, --type or --all", { exitCode: 2 });
      }
      return replayEntries(context, filtersOf(ids, options), ids);
    });
}

function withFilters(command: Command): Command {
  return command
    .option("--state <state>", `only ${states.join(", ")}; may be repeated`, addState)
    .option("-t, --type <type>", "only of this type");
}

function addState(text: string, before: readonly State[] = []): readonly State[] {
  const state = states.find((state) => state === text.toUpperCase());
  if (state === undefined) throw new InvalidArgumentError(`Give one of ${states.join(", ")}.`);
  return [...before, state];
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Give a number from 1.");
  return Number(text);
}

/** The filters that choose the entries between them. */
function filtersOf(ids: readonly string[], { state, type }: FilterOptions): EntryFilter[] {
  const common = { ...(type !== undefined && { typetag: type }), ...(ids.length > 0 && { ids }) };
  const chosen = state ?? failed;
  const final = chosen.filter((state) => state !== "EVENTS_REJECTED");
  return [
    ...(final.length > 0 ? [{ ...common, states: final }] : []),
    ...(final.length < chosen.length ? [{ ...common, events: "rejected" as const }] : []),
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
      stateOf(entry),
      typetag,
      name,
      formatTime(timestamp),
      reason,
    ]);
    return table(["id", "state", "type", "name", "uploaded", "reason"], rows);
  });
}

function stateOf({ state, events }: Pick<EntrySummary, "state" | "events">): string {
  return events === "rejected" ? "EVENTS_REJECTED" : state;
}

async function showEntry(context: Context, id: string): Promise<void> {
  const { lake } = await context.stores("lake");
  const [entry] = await lake.list({ ids: [id] }, 1);
  if (entry === undefined) throw new RangeError(`Cannot show entry ${id}: there is none`);
  context.show(entry, () => formatEntry(entry));
}

function formatEntry(entry: EntrySummary): string {
  return table([], [
    ["id", entry.id],
    ["state", stateOf(entry)],
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
      `${wanted - replayed} of ${wanted} were not put back: ` +
        "there is none with that id, or it is in another state (see --state)",
    );
  }
}
