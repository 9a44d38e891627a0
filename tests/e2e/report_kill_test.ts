import { deepEqual, equal } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import type { Hash, Report } from "../../lib/tahoe/instance.ts";
import { mongoUrl } from "../mongo/server.ts";
import { inboxBacklog } from "./backlog.ts";
import { type Community, createCommunity, EVENTS } from "./community.ts";
import { install, type Installation } from "./installation.ts";
import { killRepeatedly } from "./killing.ts";
import { LONG } from "./long.ts";

const KILLS = LONG ? 100 : 6;
/** Queries asked before each kill. */
const QUERIES_PER_KILL = 30;
const WORKERS = 3;
const LEASE = 2;

const mongo = mongoUrl();
killTest("SQLite", undefined);
if (mongo !== undefined) killTest("MongoDB", mongo);

function killTest(name: string, mongo: string | undefined): void {
  Deno.test(`report on ${name}, killed repeatedly, ends every query once`, async () => {
    const installation = await install({
      program: "report",
      ...(mongo !== undefined && { mongo }),
      report: { lease: LEASE },
    });
    try {
      const community = await createCommunity(installation);
      const asked = await killWhileAsking(installation, community);
      await checkOutcome(installation, asked);
    } finally {
      await installation.close();
    }
  });
}

/** Asks more queries before each kill; returns the hashes of all queries. */
async function killWhileAsking(
  { stores, start }: Installation,
  { ask }: Community,
): Promise<Hash[]> {
  const asked: Hash[] = [];
  const { kills, seconds } = await killRepeatedly({
    start: () => start("run"),
    workers: WORKERS,
    kills: KILLS,
    addWork: async () => {
      const more = Array.from({ length: QUERIES_PER_KILL }, (_, i) => ask(asked.length + i));
      asked.push(...await Promise.all(more));
    },
    backlog: () => inboxBacklog(stores),
    patience: (LEASE + 10) * 1000,
  });
  console.log(`${asked.length} queries, ${kills} kills; all ended ${seconds} s after the last`);
  return asked;
}

async function checkOutcome({ stores }: Installation, asked: readonly Hash[]): Promise<void> {
  const { counts, leases } = await stores.inbox.status(nowSeconds());
  deepEqual(counts, {
    invalid: 0,
    wait: 0,
    processing: 0,
    delayed: 0,
    ready: asked.length,
    failed: 0,
  });
  deepEqual(leases, []);
  for (const hash of asked) {
    const query = await stores.inbox.find(hash);
    const [report] = await stores.reports.get([String(query!.data["report_id"]![0])]) as [Report];
    equal(report.data, BigInt(EVENTS));
    deepEqual(await stores.reports.missing(query!._ref), []);
  }
}
