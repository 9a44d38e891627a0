import { deepEqual, equal } from "node:assert/strict";
import { nowSeconds } from "../../lib/clock.ts";
import type { Hash, Report } from "../../lib/tahoe/instance.ts";
import { mongoUrl } from "../mongo/server.ts";
import { inboxBacklog } from "./backlog.ts";
import { type Community, EVENTS, settle } from "./community.ts";
import { install, type Installation } from "./installation.ts";
import { killAgainAndAgain } from "./killing.ts";
import { long } from "./long.ts";

const KILLS = long ? 100 : 6;
/** Queries asked before each of them. */
const PORTION = 30;
const WORKERS = 3;
const LEASE = 2;

const mongo = mongoUrl();
killTest("SQLite", undefined);
if (mongo !== undefined) killTest("MongoDB", mongo);

function killTest(name: string, mongo: string | undefined): void {
  Deno.test(`report on ${name}, killed again and again, ends every query once`, async () => {
    const installation = await install({
      program: "report",
      ...(mongo !== undefined && { mongo }),
      report: { lease: LEASE },
    });
    try {
      const community = await settle(installation);
      const asked = await killWhileAsking(installation, community);
      await checkOutcome(installation, asked);
    } finally {
      await installation.close();
    }
  });
}

/** Asks more before each kill; returns what was asked. */
async function killWhileAsking(
  { stores, start }: Installation,
  { ask }: Community,
): Promise<Hash[]> {
  const asked: Hash[] = [];
  const { kills, seconds } = await killAgainAndAgain({
    start: () => start("run"),
    workers: WORKERS,
    kills: KILLS,
    more: async () => {
      const more = Array.from({ length: PORTION }, (_, i) => ask(asked.length + i));
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
