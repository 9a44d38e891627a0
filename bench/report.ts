import { answerOptions } from "../lib/cli/report/answer_options.ts";
import type { OpenStores } from "../lib/cli/context.ts";
import { nowSeconds } from "../lib/clock.ts";
import type { Config } from "../lib/config.ts";
import { loadPublicKey } from "../lib/envelope/key_file.ts";
import { count } from "../lib/graph/count.ts";
import type { EventFilter } from "../lib/graph/graph.ts";
import { related } from "../lib/graph/related.ts";
import { threatRank } from "../lib/graph/threatrank.ts";
import { org } from "../lib/identity/org.ts";
import { user } from "../lib/identity/user.ts";
import type { Hash, TahoeObject } from "../lib/tahoe/instance.ts";
import { sealQuery } from "../lib/tdql/seal_query.ts";
import { databases } from "../stores.ts";
import { type Figure, median } from "./figure.ts";
import { type Backend, install, measureBackends } from "./installation.ts";
import { askedAttribute, storeGraph, storeHub } from "./made_graph.ts";

/** Events per graph. What is asked about has the same answers in all of them. */
const SIZES = [1000, 100_000, 1_000_000] as const;
/**
 * Questions of each kind, each about another attribute. All of them are asked twice. Before that,
 * as many others warm up the program.
 */
const QUESTIONS = 101;
/** Queries measured from submission to notification, after as many for warm-up. */
const WHOLE_QUERIES = 101;
/** Events that hold the hub. */
const HUB_EVENTS = 10_000;

/** Milliseconds by question. */
type Times = { readonly [question: string]: number };

/** Suffix for the time of a question about a part of the graph that was not asked about before. */
const FIRST_TIME = ", for the first time";

/** Goals for questions whose part of the graph is in memory, as the hot part of a graph is. */
const GOALS: { readonly [question: string]: { readonly [backend: string]: string } } = {
  "count": { SQLite: "≤ 0.1 ms", MongoDB: "≤ 1 ms" },
  "related, level 1": { SQLite: "≤ 1 ms", MongoDB: "≤ 5 ms" },
  "related, level 2": { SQLite: "≤ 5 ms", MongoDB: "≤ 15 ms" },
  "whole query": { SQLite: "≤ 15 ms", MongoDB: "≤ 15 ms" },
};

/**
 * Measures how fast questions are answered on graphs of three sizes, in which each attribute is in
 * twenty events; whether the time grows with the graph; and ThreatRank beside a hub.
 */
export function reportBench({ mongo }: { mongo: string | undefined }): Promise<Figure[]> {
  return measureBackends(mongo, measure);
}

async function measure(folder: string, backend: Backend): Promise<Figure[]> {
  const times: Times[] = [];
  for (const events of SIZES) {
    console.error(`${backend.name}: a graph of ${events.toLocaleString("en")} events …`);
    times.push(await onInstallation(folder, backend, (stores) => ask(stores, events)));
  }
  const hub = await onInstallation(folder, backend, rankBesideHub);
  const { name } = backend;
  return [
    ...Object.keys(times[0]!).flatMap((question) => [
      ...SIZES.map((events, size) => ({
        name: `${name}, ${events.toLocaleString("en")} events: ${question}`,
        goal: events === 100_000 ? GOALS[question]?.[name] ?? null : null,
        measured: times[size]![question]!,
        unit: "ms",
      })),
      {
        name: `${name}: ${question}, 1,000,000 events to 1,000`,
        goal: question in GOALS ? "≤ 1.5" : null,
        measured: times.at(-1)![question]! / times[0]![question]!,
      },
    ]),
    { name: `${name}: ThreatRank beside a hub of 10,000`, goal: "≤ 1 s", measured: hub, unit: "s" },
  ];
}

export type Installed =
  & OpenStores<"lake" | "archive" | "graph" | "edges" | "identity" | "inbox" | "reports">
  & {
    readonly config: Config;
    readonly file: string;
    readonly user: TahoeObject;
    readonly userid: Hash;
    readonly orgids: readonly Hash[];
  };

/** Runs `work` on a new installation with a user who sees the events of two organisations. */
export async function onInstallation<T>(
  folder: string,
  backend: Backend,
  work: (installed: Installed) => Promise<T>,
): Promise<T> {
  const { file, config, remove } = await install(folder, backend);
  const names = ["lake", "archive", "graph", "edges", "identity", "inbox", "reports"] as const;
  const stores = await databases.open(config, names);
  try {
    await stores.prepare();
    const member = user({ email: "analyst@example.com" });
    const orgs = ["example", "example.org"].map((orgname) =>
      org({ orgname, users: [member.user], admins: [member.user] })
    );
    await stores.identity.put([
      ...member.parts,
      member.user,
      ...orgs.flatMap(({ parts, org }) => [...parts, org]),
    ]);
    const orgids = orgs.map(({ org }) => org._hash);
    const userid = member.user._hash;
    return await work({ ...stores, config, file, user: member.user, userid, orgids });
  } finally {
    await stores.close();
    await remove();
  }
}

async function ask(installed: Installed, events: number): Promise<Times> {
  const { archive, graph, orgids } = installed;
  await storeGraph(archive, events, orgids);
  const filter: EventFilter = { orgids, start: -Infinity, end: 2e9, category: "all" };
  const asked = (number: number) => {
    const { sub_type: subType, data } = askedAttribute(number);
    return { attributes: [{ subType, data }], context: "all" as const };
  };
  const page = { returnType: "all", page: 1, summary: true, summaryGraph: false } as const;
  return {
    ...await timed("count", (number) => count(graph, asked(number), filter)),
    ...await timed(
      "related, level 1",
      (number) => related(graph, asked(number), { ...page, filter, level: 1 }),
    ),
    ...await timed(
      "related, level 2",
      (number) => related(graph, asked(number), { ...page, filter, level: 2 }),
    ),
    "whole query": await wholeQuery(installed),
  };
}

/** Median milliseconds of a question, for the first time and when asked again. */
async function timed(name: string, question: Question): Promise<Times> {
  await round(question, 0);
  const first = await round(question, QUESTIONS);
  return { [name]: await round(question, QUESTIONS), [`${name}${FIRST_TIME}`]: first };
}

type Question = (number: number) => Promise<unknown>;

async function round(question: Question, from: number): Promise<number> {
  const times: number[] = [];
  for (let number = from; number < from + QUESTIONS; number++) {
    const start = performance.now();
    await question(number);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Median milliseconds from submission to notification; the report program has its own process. */
export async function wholeQuery(installed: Installed): Promise<number> {
  const service = await startService(installed.file);
  try {
    const times: number[] = [];
    for (let number = 0; number < 2 * WHOLE_QUERIES; number++) {
      const { sub_type, data } = askedAttribute(number);
      times.push(await submitAndWait(installed, { sub_type, data }));
    }
    return median(times.slice(WHOLE_QUERIES));
  } finally {
    service.kill("SIGTERM");
    await service.status;
  }
}

async function submitAndWait(
  { inbox, userid, config }: Installed,
  question: { readonly [name: string]: string | bigint | number | boolean | null },
): Promise<number> {
  const key = await loadPublicKey(config.archive.publicKey);
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const socket = { host: "localhost", port: BigInt(listener.addr.port), nonce: "n".repeat(32) };
  const timestamp = nowSeconds();
  const { query, parts } = await sealQuery("count", question, { userid, key, socket, timestamp });
  const start = performance.now();
  await inbox.ask(query, parts);
  using _caller = await listener.accept();
  return performance.now() - start;
}

/** Starts the report program and waits until it has started. */
export async function startService(configFile: string): Promise<Deno.ChildProcess> {
  const program = new URL("../report.ts", import.meta.url).pathname;
  const service = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", program, "run", "--config", configFile],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = service.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let log = ""; !log.includes("Report started");) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The report program did not start: ${log}`);
    log += value;
  }
  reader.releaseLock();
  return service;
}

/** Seconds for one ThreatRank, including loading. */
async function rankBesideHub(installed: Installed): Promise<number> {
  const { archive, edges, orgids, config } = installed;
  const { _hash } = await storeHub(archive, HUB_EVENTS, orgids[0]!);
  const options = { ...answerOptions(installed, config), orgids, now: 1_600_100_000 };
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    await threatRank(edges, _hash, options);
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}
