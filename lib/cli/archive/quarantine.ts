import type { Command } from "commander";
import { listQuarantinedImports } from "../../lake/import_quarantine.ts";
import { isHash } from "../../tahoe/hash.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parseLimit } from "../limit.ts";
import { shortCell } from "../short_cell.ts";
import { table } from "../table.ts";
import { formatTime } from "../../time.ts";
import {
  addSelectionOptions,
  displayState,
  entryFilters,
  type Quarantined,
  readSelection,
  selectImports,
  type SelectionFlags,
} from "./quarantine_selection.ts";
import { warnOfUnknownNames } from "./unknown_names.ts";

export function quarantineCommand(context: Context): Command {
  return newCommand(
    "quarantine",
    "inspect uploads and imports that could not be archived or read, or put uploads back",
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
  const command = newCommand("list", "list entries and imports, newest first", [
    "archive quarantine list",
    "archive quarantine list --state NOT_SUPPORTED --type own_feed --json",
    "archive quarantine list --state EVENTS_REJECTED",
  ]).argument("[id...]", "only these: ids of entries, hashes of what was imported");
  return addSelectionOptions(command)
    .addHelpText("after", IMPORTS_HELP)
    .option("--limit <number>", "list at most this many", parseLimit, 100)
    .action((ids: string[], flags: SelectionFlags & { limit: number }) =>
      listEntries(context, { ...flags, ids })
    );
}

function showCommand(context: Context): Command {
  return newCommand("show", "show everything that is known about an entry or import", [
    "archive quarantine show 65f0c0ffee0123456789abcd",
  ])
    .argument("<id>", "the entry, in any state, or the hash of what was imported")
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
      const imported = ids.find(isHash);
      if (imported !== undefined) {
        command.error(
          `error: ${imported} is the hash of a Raw, which was imported, not uploaded: ` +
            "archive reparse TYPE reads imports again",
          { exitCode: 2 },
        );
      }
      return replayEntries(context, ids, flags);
    });
}

const IMPORTS_HELP = `
Imports stand beside uploads if no event was made of them; their id is the hash of their Raw. Once
their filter is fixed, or there is one, archive reparse TYPE reads them again. To take one back:
archive forget --raw HASH`;

async function listEntries(
  context: Context,
  { ids, limit, ...flags }: SelectionFlags & {
    readonly ids: readonly string[];
    readonly limit: number;
  },
): Promise<void> {
  const { lake, archive } = await context.stores("lake", "archive");
  const selection = await readSelection(context, flags);
  const filters = entryFilters(ids, selection);
  const uploads = (await Promise.all(filters.map((filter) => lake.list(filter, limit)))).flat();
  const imports = selectImports(await listQuarantinedImports(archive), ids, selection);
  const entries = [...new Map(uploads.map((entry) => [entry.id, entry])).values(), ...imports]
    .toSorted((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0))
    .slice(0, limit);
  if (entries.length === 0) await warnOfUnknownNames(context, { type: flags.type });
  context.show(entries, () => {
    if (entries.length === 0) return "No entries";
    const rows = entries.map((entry) => {
      const { id, typetag, name, timestamp, reason } = entry;
      return [id, displayState(entry), typetag, name, formatTime(timestamp), reason].map(shortCell);
    });
    return table(["id", "state", "type", "name", "uploaded", "reason"], rows);
  });
}

async function showEntry(context: Context, id: string): Promise<void> {
  const { lake, archive } = await context.stores("lake", "archive");
  const [entry] = isHash(id)
    ? (await listQuarantinedImports(archive)).filter((one) => one.id === id)
    : await lake.list({ ids: [id] }, 1);
  if (entry === undefined) throw new RangeError(`Cannot show entry ${id}: there is no such entry`);
  context.show(entry, () => formatEntry(entry));
}

function formatEntry(entry: Quarantined): string {
  return table([], [
    ["id", entry.id],
    ["state", displayState(entry)],
    ["reason", entry.reason],
    ["type", entry.typetag],
    ["name", entry.name],
    ["organisation", entry.orgid],
    ["uploaded", formatTime(entry.timestamp)],
    ...("imported" in entry ? [] : [
      ["envelope", entry.size === null ? "missing" : `${entry.size} bytes`],
      ["attempts", String(entry.attempts)],
    ]),
    ...(entry.refs.length > 0 ? entry.refs : [null]).map((ref) => ["raw", ref]),
  ]);
}

async function replayEntries(
  context: Context,
  ids: readonly string[],
  flags: SelectionFlags,
): Promise<void> {
  const { lake } = await context.stores("lake");
  const selection = await readSelection(context, flags);
  let replayed = 0;
  for (const filter of entryFilters(ids, selection)) replayed += await lake.reopen(filter);
  context.show({ replayed }, () => `${replayed} put back`);
  if (replayed === 0) await warnOfUnknownNames(context, { type: flags.type });
  const wanted = new Set(ids).size;
  if (replayed < wanted) {
    throw new RangeError(
      `Cannot put back ${wanted - replayed} of ${wanted} entries: ` +
        "they do not exist, or are in another state (see --state)",
    );
  }
}
