import { deepEqual, equal, match } from "../assert.ts";
import { importPrivateKey, importPublicKey } from "../../lib/envelope/key.ts";
import { user } from "../../lib/identity/user.ts";
import { sleep } from "../../lib/sleep.ts";
import { Fault } from "../../lib/tahoe/fault.ts";
import type { QueryClaim } from "../../lib/tdql/inbox.ts";
import { SqliteEdges } from "../../lib/sqlite/edges.ts";
import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { type QueryClaimOutcome, queryJob } from "../../lib/tdql/query_job.ts";
import { sealQuery } from "../../lib/tdql/seal_query.ts";
import { readVectors } from "../vectors.ts";

const NEVER = new AbortController().signal;

/** Opens an inbox with a user, a job that answers its queries, and a caller that listens. */
async function open() {
  const sqlite = openSqlite(":memory:");
  const archive = { db: "tahoe_db", coll: "instance" };
  const reporting = { db: "report_db", coll: "instance" };
  const identity = new SqliteInstances(sqlite, { db: "identity_db", coll: "instance" });
  const inbox = new SqliteInbox(sqlite, reporting);
  const reports = new SqliteInstances(sqlite, reporting);
  const member = user({ email: "analyst@example.com" });
  await identity.put([...member.parts, member.user]);

  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const callers: Promise<number> = (async () => {
    let count = 0;
    for await (const caller of listener) {
      caller.close();
      count++;
    }
    return count;
  })();
  const key = await importPublicKey(await readVectors("envelopes/pub2048.pem"));
  const outcomes: QueryClaimOutcome[] = [];
  const job = queryJob({
    inbox,
    identity,
    graph: new SqliteGraph(sqlite, archive),
    edges: new SqliteEdges(sqlite, archive),
    keys: [await importPrivateKey(await readVectors("envelopes/priv2048.pem"))],
    first: "eax",
    maxBytes: 1e6,
    decay: 0.998,
    lease: 60,
    maxAttempts: 2,
    owner: "me",
    limits: { maxEvents: 1000, maxEdges: 1000, maxWedges: 1000, deadline: 30 },
    notifyOptions: { apiHost: "127.0.0.1", hosts: [], ports: { least: 1, most: 65535 } },
    now: () => 1_600_000_000,
    onEnd: (outcome) => outcomes.push(outcome),
    onSetAside: () => {},
    onError: () => {},
  });
  return {
    inbox,
    reports,
    job,
    outcomes,
    async ask(data: string): Promise<string> {
      const socket = { host: "localhost", port: BigInt(listener.addr.port), nonce: "nonce" };
      const options = { userid: member.user._hash, key, socket, timestamp: 1_600_000_000 };
      const { query, parts } = await sealQuery("count", { sub_type: "ipv4", data }, options);
      await inbox.ask(query, parts);
      return query._hash;
    },
    /** Closes everything; returns how often the caller was notified. */
    async close(): Promise<number> {
      // The last notification may still be under way.
      await sleep(20, NEVER);
      listener.close();
      await sqlite.close();
      return await callers;
    },
  };
}

Deno.test("queryJob stores the report, finishes the query and notifies the caller", async () => {
  const { inbox, reports, job, outcomes, ask, close } = await open();
  const hash = await ask("192.0.2.1");
  const [batch] = await job.claim(1);
  await job.work(batch!);
  const query = await inbox.find(hash);
  deepEqual(query?.data["status"], ["ready"]);
  const [report] = await reports.get([String(query?.data["report_id"]?.[0])]);
  equal(report?.data, 0n);
  deepEqual(outcomes.map(({ status, notified }) => [status, notified]), [["ready", {
    sent: true,
  }]]);
  equal(await close(), 1);
});

Deno.test("queryJob claims no more queries than there is room for", async () => {
  const { job, ask, close } = await open();
  for (const data of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) await ask(data);
  deepEqual((await job.claim(2)).map((batch) => batch.length), [1, 1]);
  deepEqual((await job.claim(2)).map((batch) => batch.length), [1]);
  await close();
});

Deno.test("queryJob leaves a query that was asked again to its next worker", async () => {
  const { inbox, job, outcomes, ask, close } = await open();
  const hash = await ask("192.0.2.1");
  const [batch] = await job.claim(1);
  await ask("192.0.2.1");
  await job.work(batch!);
  deepEqual(outcomes.map(({ status }) => status), ["lost"]);
  deepEqual((await inbox.find(hash))?.data["status"], ["wait"]);
  equal(await close(), 0);
});

Deno.test("queryJob fails a query after the most attempts, and keeps the reason for the log", async () => {
  const { reports, job, outcomes, ask, close } = await open();
  await ask("192.0.2.1");
  for (const reason of ["first", "second"]) {
    const [batch] = await job.claim(1);
    equal(job.isSuspect(batch!), false);
    await job.giveBack(batch!, reason);
  }
  const [batch] = await job.claim(1);
  await job.work(batch!);
  const [{ status, report, error } = {} as QueryClaimOutcome] = outcomes;
  equal(status, "failed");
  match(String(report.data), /^ServerError: the report could not be made; the log/);
  match(String(error), /given up after 2 attempts: second/);
  deepEqual((await reports.get([report._hash])).length, 1);
  equal(await close(), 1);
});

Deno.test("queryJob has few damaged queries in hand, and takes sound ones meanwhile", async () => {
  const { job, inbox, ask, close } = await open();
  const query = (await inbox.find(await ask("192.0.2.1")))!;
  const asked: (number | undefined)[] = [];
  const fault = new Fault("data is a date, not an object");
  inbox.claim = ({ limit, damaged = limit }) => {
    asked.push(damaged);
    const claim = { id: query._hash, owner: "me", attempts: 1, query };
    return Promise.resolve(
      damaged === 0 ? [claim] : Array.from({ length: damaged }, () => ({ ...claim, fault })),
    );
  };
  const first = await job.claim(64);
  equal(first.length, 8);
  equal((await job.claim(56)).length, 1);
  for (const claims of first.slice(0, 4)) await job.work(claims);
  equal((await job.claim(60)).length, 4);
  deepEqual(asked, [8, 0, 4]);
  await close();
});

Deno.test("queryJob does not end before damaged queries that wait for others", async () => {
  const { job, inbox, ask, close } = await open();
  const query = (await inbox.find(await ask("192.0.2.1")))!;
  const fault = new Fault("data is a date, not an object");
  let first: readonly (readonly QueryClaim[])[] = [];
  inbox.claim = async ({ limit, damaged = limit }) => {
    const claim = { id: query._hash, owner: "me", attempts: 1, query, fault };
    if (damaged > 0) return Array.from({ length: damaged }, () => ({ ...claim }));
    for (const claims of first) await job.work(claims);
    return [];
  };
  first = await job.claim(64);
  equal((await job.claim(56)).length, 8);
  await close();
});
