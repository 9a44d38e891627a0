import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import type { QuarantinedQuery } from "../../tdql/inbox.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parseLimit } from "../limit.ts";
import { checkSafety, isConfirmed, type SafetyOptions, withSafety } from "../safety.ts";
import { shortCell } from "../short_cell.ts";
import { table } from "../table.ts";

export function quarantineCommand(context: Context): Command {
  return newCommand(
    "quarantine",
    "inspect queries to which no report can be tied, or remove them",
    ["report quarantine list", "report quarantine drop 65f0c0ffee0123456789abcd"],
  )
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(dropCommand(context));
}

function listCommand(context: Context): Command {
  return newCommand("list", "list queries in quarantine", [
    "report quarantine list",
    "report quarantine list --json | jq -r '.[].id'",
  ])
    .option("--limit <number>", "list at most this many", parseLimit, 100)
    .action(({ limit }: { readonly limit: number }) => listQueries(context, limit));
}

function showCommand(context: Context): Command {
  return newCommand("show", "show what is known about a query in quarantine", [
    "report quarantine show 65f0c0ffee0123456789abcd",
  ])
    .argument("<id>", "the query, as report quarantine list names it")
    .action((id: string) => showQuery(context, id));
}

function dropCommand(context: Context): Command {
  const drop = newCommand("drop", "remove queries in quarantine, for good", [
    "report quarantine drop 65f0c0ffee0123456789abcd",
    "report quarantine drop --all --dry-run",
  ])
    .argument("[id...]", "only these queries")
    .option("--all", "remove every query in quarantine; asks before");
  return withSafety(drop)
    .action(async (ids: string[], { all, ...flags }: DropFlags, command: Command) => {
      if (ids.length === 0 && !all) command.error("error: give ids or --all", { exitCode: 2 });
      const checkAsking = () =>
        checkSafety({ ...flags, deed: "drop --all removes for good" }, command);
      if (all) await dropAll(context, { ...flags, checkAsking });
      else await dropQueries(context, ids, flags);
    });
}

type DropFlags = SafetyOptions & { readonly all?: true };

async function listQueries(context: Context, limit: number): Promise<void> {
  const { inbox } = await context.stores("inbox");
  const queries = await inbox.quarantined(limit);
  context.show(queries, () => {
    if (queries.length === 0) return "No queries";
    return table(["id", "reason"], queries.map(({ id, reason }) => [id, reason].map(shortCell)));
  });
}

async function showQuery(context: Context, id: string): Promise<void> {
  const { inbox } = await context.stores("inbox");
  const [query] = await inbox.quarantined(1, [id]);
  if (query === undefined) {
    throw new RangeError(
      `Cannot show query ${id}: it is not in quarantine. report quarantine list shows which are`,
    );
  }
  context.show(query, () => formatQuery(query));
}

/** The types of its fields only: a question may be for nobody else's eyes. */
function formatQuery({ id, hash, reason, fields }: QuarantinedQuery): string {
  return table([], [
    ["id", id],
    ["reason", reason],
    ["hash", hash],
    ...Object.entries(fields).map(([name, type]) => [`field ${name}`, type]),
  ]);
}

async function dropQueries(
  context: Context,
  ids: readonly string[],
  { dryRun }: SafetyOptions,
): Promise<void> {
  const { inbox } = await context.stores("inbox");
  const wanted = new Set(ids).size;
  const dropped = dryRun
    ? (await inbox.quarantined(wanted, ids)).length
    : await inbox.dropQuarantined(ids);
  showDropped(context, dropped, { dryRun: dryRun === true });
  if (dropped < wanted) {
    throw new RangeError(
      `Cannot remove ${wanted - dropped} of ${wanted} queries: they are not in quarantine. ` +
        "report quarantine list shows which are",
    );
  }
}

/** Says how many queries would go, asks, and removes them. */
async function dropAll(
  context: Context,
  { dryRun, yes, checkAsking }: SafetyOptions & { readonly checkAsking: () => void },
): Promise<void> {
  const { inbox } = await context.stores("inbox");
  if (dryRun || !yes) {
    const { quarantined = 0 } = await inbox.status(nowSeconds());
    checkAsking();
    if (dryRun || quarantined === 0) {
      return showDropped(context, quarantined, { dryRun: dryRun === true });
    }
    const what = `${quarantined} queries in quarantine would be removed, for good`;
    const asked = { question: "Remove?", signal: context.stopSignal() };
    if (!await isConfirmed(what, asked)) {
      return context.show({ dropped: 0 }, () => "Nothing was changed");
    }
  }
  showDropped(context, await inbox.dropQuarantined(), { dryRun: false });
}

function showDropped(
  context: Context,
  dropped: number,
  { dryRun }: { readonly dryRun: boolean },
): void {
  const text = dryRun
    ? `${dropped} would be removed\nThis was a dry run: nothing was changed`
    : `${dropped} removed`;
  context.show({ dropped, ...(dryRun && { dryRun }) }, () => text);
}
