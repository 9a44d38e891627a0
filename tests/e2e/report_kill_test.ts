import { deepEqual, equal } from "node:assert/strict";
import { sleep } from "../../lib/sleep.ts";
import type { Hash, Report } from "../../lib/tahoe/instance.ts";
import { mongoUrl } from "../mongo/server.ts";
import { type Community, EVENTS, settle } from "./community.ts";
import { install, type Installation } from "./installation.ts";
import { killAgainAndAgain } from "./killing.ts";
import { long } from "./long.ts";

const QUERIES = long ? 3000 : 300;
const WORKERS = 3;
const KILLS = long ? 100 : 10;
const LEASE = 2;
const never = new AbortController().signal;

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

/** Asks more between the kills; returns what was asked. */
async function killWhileAsking(
  { stores, start }: Installation,
  { ask }: Community,
): Promise<Hash[]> {
  const asked: Hash[] = [];
  await killAgainAndAgain({
    start: () => start("run"),
    workers: WORKERS,
    kills: KILLS,
    before: async () => {
      const more = Array.from({ length: QUERIES / KILLS }, (_, i) => ask(asked.length + i));
      asked.push(...await Promise.all(more));
      await sleep(Math.random() * 500, never);
    },
    done: async () => {
      const { wait, processing, delayed } = (await stores.inbox.status(Date.now() / 1000)).counts;
      return wait + processing + delayed === 0;
    },
    patience: (LEASE + 10) * 1000 + (long ? 60_000 : 20_000),
  });
  return asked;
}

async function checkOutcome({ stores }: Installation, asked: readonly Hash[]): Promise<void> {
  const { counts, leases } = await stores.inbox.status(Date.now() / 1000);
  deepEqual(counts, {
    invalid: 0,
    wait: 0,
    processing: 0,
    delayed: 0,
    ready: QUERIES,
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
