import type { OpenStores } from "../lib/cli/context.ts";
import { answerOptions } from "../lib/cli/report/answer_options.ts";
import type { Config } from "../lib/config.ts";
import { count } from "../lib/graph/count.ts";
import type { EventFilter } from "../lib/graph/graph.ts";
import { related } from "../lib/graph/related.ts";
import { ResidentRanks } from "../lib/graph/resident_ranks.ts";
import { threatRank } from "../lib/graph/threatrank.ts";
import { openMongo } from "../lib/mongo/open.ts";
import { attribute } from "../lib/tahoe/attribute.ts";
import { event } from "../lib/tahoe/event.ts";
import { databases } from "../stores.ts";
import { type CommandRun, runCommand } from "./command_run.ts";
import type { Figure } from "./figure.ts";
import { type Backend, install, measureBackends } from "./installation.ts";
import { hashRate, insertRate } from "./machine_rates.ts";
import { zipfCowrieLog } from "./zipf_cowrie_log.ts";

const FILES = 20;
const ORGID = "0f".repeat(32);
/** Events of an address that is seen neither rarely nor often. */
const USUAL = 168;
/** Seconds since 1970, after the log's end. */
const SIGHTED_AT = Date.UTC(2027, 0, 1) / 1000;
const MIB = 1024 ** 2;

/** Goals at a million lines, by figure and backend. */
const GOALS = {
  first: { SQLite: "≥ 20,000 /s", MongoDB: "≥ 10,000 /s" },
  rss: { SQLite: null, MongoDB: "≤ 250 MiB" },
} as const;

/**
 * Imports a made honeypot log in twenty files, and asks about what is in it: what does it cost, how
 * much slower is the last file than the first, and how large does the archive become?
 */
export async function scaleBench(
  { mongo, lines }: { readonly mongo: string | undefined; readonly lines: number },
): Promise<Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-bench-scale-" });
  try {
    const log = await writeLog(folder, lines);
    const figures = await measureBackends(mongo, (keys, backend) => measure(keys, backend, log));
    return [
      { name: "the log", goal: null, measured: log.bytes / MIB, unit: "MiB" },
      { name: "events of its logins", goal: null, measured: log.events },
      hashRate(),
      ...figures,
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type Log = {
  readonly files: readonly string[];
  readonly lines: number;
  readonly bytes: number;
  readonly events: number;
  /** An address with about {@link USUAL} events, and the one with the most. */
  readonly addresses: readonly { readonly address: string; readonly events: number }[];
};

async function writeLog(folder: string, lines: number): Promise<Log> {
  const { parts, eventsByAddress } = zipfCowrieLog(lines);
  const files = Array.from({ length: FILES }, (_, n) => `${folder}/cowrie.json.${n + 10}`);
  let written = 0;
  let bytes = 0;
  for (const part of parts) {
    const byFile = Map.groupBy(part, (_, at) => Math.floor((written + at) * FILES / lines));
    for (const [number, texts] of byFile) {
      await Deno.writeTextFile(files[number]!, texts.join(""), { append: true });
      bytes += texts.join("").length;
    }
    written += part.length;
  }
  const addresses = [...eventsByAddress].map(([address, events]) => ({ address, events }))
    .toSorted((a, b) => b.events - a.events);
  const usual = addresses.findLast(({ events }) => events >= USUAL) ?? addresses[0]!;
  const events = addresses.reduce((sum, { events }) => sum + events, 0);
  return { files, lines, bytes, events, addresses: [usual, addresses[0]!] };
}

async function measure(folder: string, backend: Backend, log: Log): Promise<Figure[]> {
  const { file, config, remove } = await install(folder, backend);
  const figures = [await insertRate(backend, folder)];
  try {
    const runs: CommandRun[] = [];
    for (const [number, path] of log.files.entries()) {
      console.error(`${backend.name}: file ${number + 1} of ${FILES} …`);
      const args = ["import", path, "--type", "cowrie", "--org", ORGID, "--config", file];
      runs.push(await runCommand("archive", args));
    }
    figures.push(
      ...importFigures(backend, runs, log),
      ...await sizeFigures(backend, { runs, log, config }),
    );
    const stores = await databases.open(config, ["archive", "graph", "edges", "identity"]);
    try {
      figures.push(...await askFigures({ ...stores, config }, backend, log));
    } finally {
      await stores.close();
    }
    return figures;
  } finally {
    await remove();
  }
}

function importFigures(
  { name }: Backend,
  runs: readonly CommandRun[],
  { lines }: Log,
): Figure[] {
  const backend = name as keyof typeof GOALS.first;
  const rate = ({ seconds }: CommandRun) => lines / FILES / seconds;
  const [first, last] = [rate(runs[0]!), rate(runs.at(-1)!)];
  return [
    { name: `${name}: lines of the first file`, goal: GOALS.first[backend], measured: first },
    { name: `${name}: lines of the last file`, goal: null, measured: last },
    { name: `${name}: last file to first`, goal: "≥ 0.8", measured: last / first },
    {
      name: `${name}: peak RSS of an import`,
      goal: GOALS.rss[backend],
      measured: Math.max(...runs.map(({ peakRssMiB }) => peakRssMiB)),
      unit: "MiB",
    },
  ];
}

async function sizeFigures(
  { name, url }: Backend,
  { runs, log, config }: Imported,
): Promise<Figure[]> {
  if (url === "sqlite:") {
    const { size } = await Deno.stat(config.archive.url.replace("sqlite:", ""));
    const written = runs.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0);
    return [
      { name: `${name}: file to log`, goal: "≤ 2", measured: size / log.bytes },
      {
        name: `${name}: bytes written to bytes of the log`,
        goal: null,
        measured: written / log.bytes,
      },
      {
        name: `${name}: bytes written to bytes of the file`,
        goal: "≤ 10",
        measured: written / size,
      },
    ];
  }
  const mongo = await openMongo(url);
  try {
    const stats = await mongo.client.db(config.archive.db).stats();
    const { dataSize, storageSize, indexSize } = stats;
    return [
      { name: `${name}: data on disk to log`, goal: null, measured: storageSize / log.bytes },
      { name: `${name}: indices on disk to data`, goal: "≤ 1", measured: indexSize / dataSize },
      {
        name: `${name}: indices to data, both on disk`,
        goal: null,
        measured: indexSize / storageSize,
      },
    ];
  } finally {
    await mongo.close();
  }
}

type Imported = {
  readonly runs: readonly CommandRun[];
  readonly log: Log;
  readonly config: Config;
};

type Asked = OpenStores<"archive" | "graph" | "edges" | "identity"> & { readonly config: Config };

/**
 * Milliseconds for questions about each of the two addresses, in this process. What is ranked is a
 * sighting of the address: the log's own events are malicious themselves.
 */
async function askFigures(
  { config, ...stores }: Asked,
  { name }: Backend,
  { addresses }: Log,
): Promise<Figure[]> {
  const { archive, graph, edges } = stores;
  const orgids = [ORGID];
  const filter: EventFilter = { orgids, start: -Infinity, end: Infinity, category: "all" };
  const page = { returnType: "all", page: 1, summary: true, summaryGraph: false } as const;
  const { decay } = config.report;
  const ranks = new ResidentRanks(edges, { decay, maxBytes: Infinity, followsChanges: true });
  const figures: Figure[] = [];
  for (const { address, events } of addresses) {
    const asked = { attributes: [{ subType: "ipv4", data: address }], context: "all" } as const;
    const named = attribute("ipv4", address);
    const seen = `${name}, an address in ${events.toLocaleString("en")} events`;
    const time = async (what: string, work: () => Promise<unknown>) => {
      const start = performance.now();
      await work();
      const measured = performance.now() - start;
      figures.push({ name: `${seen}: ${what}`, goal: null, measured, unit: "ms" });
    };
    await time("count", () => count(graph, asked, filter));
    for (const level of [1, 2, 3]) {
      await time(
        `related, level ${level}`,
        () => related(graph, asked, { ...page, filter, level }),
      );
    }
    const sighting = event("sighting", [named], { orgid: ORGID, timestamp: SIGHTED_AT });
    await archive.put([named, sighting]);
    const options = { ...answerOptions(stores, config), orgids, now: SIGHTED_AT };
    await time(
      "ThreatRank, neighbourhood loaded",
      () => threatRank(edges, sighting._hash, options),
    );
    await time("ThreatRank, graph read", () => ranks.build());
    const question = { orgids, now: SIGHTED_AT, evidence: true };
    await time("ThreatRank, first of the hour", () => ranks.rank(sighting._hash, question));
    await time("ThreatRank, a later one", () => ranks.rank(sighting._hash, question));
  }
  await ranks.close();
  return figures;
}
