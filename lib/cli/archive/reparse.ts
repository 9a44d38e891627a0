import { type Command, InvalidArgumentError } from "commander";
// @ts-types="npm:@types/luxon@3.7.1"
import { DateTime } from "luxon";
import { nowSeconds } from "../../clock.ts";
import { reparse, type Reparsed } from "../../lake/reparse.ts";
import { log } from "../../log.ts";
import type { Event, Hash, Raw } from "../../tahoe/instance.ts";
import type { Filter } from "../../typetags/filter.ts";
import { filters } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { startProgress } from "../progress.ts";
import { table } from "../table.ts";
import { formatTime } from "../time.ts";

type Options = { readonly since?: number; readonly after?: Hash; readonly dryRun?: true };

/** Events that a dry run shows. */
const SHOWN = 50;
const PARTS = 1000;

/** What became of all Raws. */
type Sum = {
  raws: number;
  come: number;
  go: number;
  stay: number;
  rejected: number;
  elsewhere: number;
  /** The last Raw that is done. */
  last: Hash | null;
};

export function reparseCommand(context: Context): Command {
  return newCommand("reparse", "make the events of stored Raws anew, after a filter was mended", [
    "archive reparse cowrie --dry-run        shows which events would come and go",
    "archive reparse cowrie --since 2026-01-31",
  ])
    .argument("<typetag>", `whose filter: ${[...filters.keys()].join(", ")}`)
    .option("--since <time>", "only of Raws that were sent since then", readTime)
    .option(
      "--after <hash>",
      "only of Raws after this one: goes on where a run was stopped",
      readHash,
    )
    .option("--dry-run", "say what would change, and change nothing")
    .action((typetag: string, options: Options, command: Command) => {
      const filter = filters.get(typetag);
      if (filter === undefined) {
        const known = [...filters.keys()].join(", ");
        command.error(`error: no filter reads ${typetag}. Give one of ${known}`, { exitCode: 2 });
      }
      return reparseAll(context, { typetag, filter }, options);
    });
}

function readTime(text: string): number {
  const time = DateTime.fromISO(text, { zone: "utc" });
  if (!time.isValid) throw new InvalidArgumentError("Give a time such as 2026-01-31T12:00.");
  return time.toSeconds();
}

function readHash(text: string): Hash {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError("Give a hash, 64 hex digits.");
  return text;
}

async function reparseAll(
  context: Context,
  { typetag, filter }: { readonly typetag: string; readonly filter: Filter },
  options: Options,
): Promise<void> {
  const { since = -Infinity, after, dryRun = false } = options;
  const signal = context.stopSignal();
  const { archive } = await context.stores("archive");
  const sum: Sum = {
    ...{ raws: 0, come: 0, go: 0, stay: 0, rejected: 0, elsewhere: 0 },
    last: after ?? null,
  };
  const shown: string[][] = [];
  const bar = startProgress(`Reparsing ${typetag}`, PARTS);
  let done = 0;
  try {
    for await (const raw of archive.raws(typetag, after)) {
      if (signal.aborted) break;
      if (wasSentSince(raw, since)) {
        const now = nowSeconds();
        const reparsed = await reparse(raw, { archive, filter, dryRun, now });
        add(sum, reparsed);
        if (shown.length < SHOWN) shown.push(...differences(reparsed));
      }
      sum.last = raw._hash;
      bar.add(part(raw._hash) - done);
      done = part(raw._hash);
    }
  } finally {
    bar.stop();
    context.show({ ...sum, dryRun }, () => format(sum, shown, dryRun));
  }
  if (!signal.aborted) return;
  context.fail();
  log.warn(`Stopped. Go on with: archive reparse ${typetag} --after ${sum.last}`);
}

/** How far a hash is from the first to the last possible one: hashes are spread evenly. */
function part(hash: Hash): number {
  return Math.floor(PARTS * Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32);
}

/** Raws of the existing system do not say when they were sent: they are taken in. */
function wasSentSince({ _sources = [] }: Raw, since: number): boolean {
  return _sources.length === 0 || _sources.some(({ timestamp }) => timestamp >= since);
}

function add(sum: Sum, { raw, come, go, stay, rejected, elsewhere }: Reparsed): void {
  sum.raws++;
  sum.come += come.length;
  sum.go += go.length;
  sum.stay += stay;
  if (elsewhere) sum.elsewhere++;
  if (rejected === undefined) return;
  sum.rejected++;
  log.warn("Left as it is: the filter rejects it", { raw, reason: rejected });
}

function differences({ raw, come, go }: Reparsed): string[][] {
  const row = (what: string) => ({ sub_type, timestamp, _hash }: Event) => [
    what,
    sub_type,
    formatTime(timestamp),
    _hash,
    raw,
  ];
  return [...come.map(row("comes")), ...go.map(row("goes"))];
}

function format(sum: Sum, shown: readonly string[][], dryRun: boolean): string {
  const { raws, come, go, stay, rejected, elsewhere } = sum;
  const would = dryRun ? "would " : "";
  const lines = [
    `${raws} Raws: ${come} events ${would}come, ${go} ${would}go, ${stay} stay`,
    ...(rejected > 0 ? [`${rejected} Raws left as they are: the filter rejects them`] : []),
    ...(elsewhere > 0 ? [`${elsewhere} Raws left to the analytics module, which read them`] : []),
  ];
  if (!dryRun || shown.length === 0) return lines.join("\n");
  const rows = shown.slice(0, SHOWN);
  if (come + go > SHOWN) lines.push(`The first ${SHOWN} differences:`);
  return `${lines.join("\n")}\n\n${table(["", "event", "time", "hash", "Raw"], rows)}`;
}
