import type { Command } from "commander";
import type { QuarantinedQuery } from "../../tdql/inbox.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { parseLimit } from "../limit.ts";
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
  return newCommand("drop", "remove queries in quarantine, for good", [
    "report quarantine drop 65f0c0ffee0123456789abcd",
    "report quarantine drop --all",
  ])
    .argument("[id...]", "only these queries")
    .option("--all", "remove every query in quarantine")
    .action((ids: string[], { all }: { readonly all?: true }, command: Command) => {
      if (ids.length === 0 && !all) command.error("error: give ids or --all", { exitCode: 2 });
      return dropQueries(context, all ? undefined : ids);
    });
}

async function listQueries(context: Context, limit: number): Promise<void> {
  const { inbox } = await context.stores("inbox");
  const queries = await inbox.quarantined(limit);
  context.show(queries, () => {
    if (queries.length === 0) return "No queries";
    return table(["id", "reason"], queries.map(({ id, reason }) => [id, reason]));
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

/** Queries that are listed at once, to be dropped. */
const DROPPED_AT_ONCE = 1000;

async function dropQueries(context: Context, ids: readonly string[] | undefined): Promise<void> {
  const { inbox } = await context.stores("inbox");
  let dropped = 0;
  for (let more = true; more;) {
    const chosen = ids ?? (await inbox.quarantined(DROPPED_AT_ONCE)).map(({ id }) => id);
    const count = await inbox.dropQuarantined(chosen);
    dropped += count;
    more = ids === undefined && count > 0;
  }
  context.show({ dropped }, () => `${dropped} removed`);
  const wanted = new Set(ids).size;
  if (dropped < wanted) {
    throw new RangeError(
      `Cannot remove ${wanted - dropped} of ${wanted} queries: they are not in quarantine. ` +
        "report quarantine list shows which are",
    );
  }
}
