import { deepEqual, equal, notEqual, ok } from "../assert.ts";
import type { Collection, Document } from "mongodb";
import { MongoInbox } from "../../lib/mongo/inbox.ts";
import { ensureQueryIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { toBson } from "../../lib/mongo/bson.ts";
import { collectionOf, openMongo } from "../../lib/mongo/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { type Child, groupChildren } from "../../lib/tahoe/children.ts";
import type { Hash, TahoeObject } from "../../lib/tahoe/instance.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import { object } from "../../lib/tahoe/object.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { type CallerSocket, outcomeAttributes, tdql } from "../../lib/tdql/tdql.ts";
import {
  assertEqual,
  claim,
  claimOne,
  elapsed,
  FAILED,
  finish,
  ids,
  LATER,
  NOW,
  type Opened,
  pause,
  question,
  questionWith,
  READY,
  SOCKET,
  stored,
} from "../suites/inbox/fixtures.ts";
import { inboxSuite } from "../suites/inbox_suite.ts";
import { Builder } from "../tahoe/builder.ts";
import { readVectors } from "../vectors.ts";
import { Proxy } from "./proxy.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();

/** What a test on MongoDB opens. */
type MongoOpened = Opened & { inbox: MongoInbox; documents: Collection<Document>; api: Api };

async function open(url: string): Promise<MongoOpened> {
  const { mongo, db, close } = await freshDatabase(url);
  const collection = { db, coll: "instance" };
  await ensureQueryIndices(mongo, collection);
  const inbox = new MongoInbox(mongo, collection);
  const instances = new MongoInstances(mongo, collection);
  const documents = collectionOf(mongo, collection);
  const closing = [() => inbox.close()];
  return {
    inbox,
    instances,
    documents,
    api: new Api(instances, documents),
    async again() {
      const other = await openMongo(url);
      const inbox = new MongoInbox(other, collection);
      closing.push(() => inbox.close().then(() => other.close()));
      return inbox;
    },
    async close() {
      for (const each of closing) await each();
      await close();
    },
  };
}

/** Writes queries as the existing API does: all fields of a copy at once, including `claim`. */
class Api {
  readonly #instances: MongoInstances;
  readonly #documents: Collection<Document>;

  constructor(instances: MongoInstances, documents: Collection<Document>) {
    this.#instances = instances;
    this.#documents = documents;
  }

  async read(id: Hash): Promise<TahoeObject> {
    const [query] = await this.#instances.get([id]);
    return query as TahoeObject;
  }

  /** Replaces the children of the same sub-types. Returns the changed copy. */
  async change(copy: TahoeObject, ...children: Child[]): Promise<TahoeObject> {
    await this.#instances.put(children);
    const others = (await this.#instances.get(copy._cref)).filter(({ sub_type }) =>
      children.every((child) => child.sub_type !== sub_type)
    );
    const changed = { ...copy, ...groupChildren([...others as Child[], ...children]) };
    await this.#documents.updateOne({ _hash: copy._hash }, { $set: toBson(changed as Fields) });
    return changed;
  }

  async setSocket(copy: TahoeObject, { host, port, nonce }: CallerSocket): Promise<TahoeObject> {
    const parts = [attribute("host", host), attribute("port", port), attribute("nonce", nonce)];
    await this.#instances.put(parts);
    return await this.change(copy, object("socket", parts));
  }

  wait(copy: TahoeObject): Promise<TahoeObject> {
    return this.change(copy, attribute("status", "wait"));
  }

  /** Asks a question for the first time. */
  async ask(number: number): Promise<TahoeObject> {
    const { query, parts } = question(number, { status: "invalid" });
    await this.#instances.put([...parts, query]);
    return await this.wait(await this.setSocket(query, SOCKET));
  }
}

function test(name: string, body: (opened: MongoOpened) => Promise<void>): void {
  if (url === undefined) return;
  Deno.test(`MongoInbox ${name}`, async () => {
    const opened = await open(url);
    try {
      await body(opened);
    } finally {
      await opened.close();
    }
  });
}

if (url !== undefined) inboxSuite("MongoInbox", () => open(url));

/** Reads a write before it is durable, and so before it is acknowledged. */
const LOCAL = { readConcern: { level: "local" } } as const;

type ReportCase = { id: string; userid: string; tdql_doc_json?: string };

const { queries }: { queries: ReportCase[] } = JSON.parse(
  await readVectors("reports/small/cases.json"),
);

for (const { id, tdql_doc_json } of queries) {
  if (tdql_doc_json === undefined) continue;
  test(`leaves of vector ${id} what the existing system leaves`, async (opened) => {
    const wanted = parseJson(tdql_doc_json) as unknown as TahoeObject;
    const first = (name: string) => wanted.data[name]?.[0] as never;
    const { query, parts } = tdql({
      qtype: first("qtype"),
      qdata: first("qdata"),
      qhash: first("qhash"),
      userid: first("userid"),
      timestamp: first("timestamp"),
      encrypted: first("encrypted"),
    });
    await opened.instances.put([...parts, query]);
    await opened.api.wait(query);
    const held = await claimOne(opened.inbox);
    // The existing system hashes reports in another way; its hash is in the query.
    const report = { ...READY.report, _hash: first("report_id") };
    const after = await finish(opened, held, { status: first("status"), report });
    assertEqual(after, wanted);
    assertEqual(await stored(opened, query._hash), wanted);
  });
}

test("finish changes nothing else of any query of the vectors", async (opened) => {
  const { inbox, instances, api } = opened;
  for (const { input_json, doc_json } of JSON.parse(await readVectors("instances.json")).cases) {
    const { make, let: named } = parseJson(input_json) as { make: Fields; let: [string, Fields][] };
    if (make["new"] !== "TDQL" || doc_json === undefined) continue;
    const builder = new Builder(NOW);
    for (const [name, spec] of named) builder.define(name, spec);
    builder.build(make);
    const query = parseJson(doc_json) as unknown as TahoeObject;
    await instances.remove(query._hash);
    await instances.put([query, ...builder.built]);
    await api.wait(query);
    const after = await finish(opened, await claimOne(inbox));
    const others = Object.entries(query.data).filter(([name]) => !(name in FINISHED));
    assertEqual(await stored(opened, query._hash), after!);
    assertEqual({ ...after!, _cref: [], _ref: [] }, {
      ...query,
      data: { ...Object.fromEntries(others), ...FINISHED },
      _cref: [],
      _ref: [],
    });
  }
});

const FINISHED = { status: ["ready"], report_id: [READY.report._hash] };

test("claim keeps the types that pymongo gives to numbers", async ({ inbox, documents, api }) => {
  await api.ask(1);
  const { attempts } = await claimOne(inbox);
  equal(attempts, 1);
  const types = await documents.aggregate([{ $match: { sub_type: "query" } }, {
    $project: {
      port: { $type: { $first: { $first: "$data.socket.port" } } },
      timestamp: { $type: { $first: "$data.timestamp" } },
      attempts: { $type: "$claim.attempts" },
      until: { $type: "$claim.until" },
    },
  }]).next();
  const { _id, ...rest } = types ?? {};
  deepEqual(rest, { port: "int", timestamp: "double", attempts: "int", until: "double" });
});

test("renew and finish refuse a claim after the API has asked the query again", async (opened) => {
  const { inbox, api } = opened;
  const { _hash: id } = await api.ask(1);
  const early = await claimOne(inbox);
  const copy = await api.setSocket(await api.read(id), { ...SOCKET, nonce: "next" });
  deepEqual(await inbox.renew([early], NOW + 70), []);
  const waiting = await api.wait(copy);
  ok("claim" in waiting);
  equal(await finish(opened, early), undefined);
  deepEqual(await inbox.renew([early], LATER), [id]);
  const late = await claimOne(inbox, NOW, "worker-2");
  equal(late.attempts, 1);
  equal(await finish(opened, early), undefined);
  const after = await finish(opened, late);
  deepEqual(Object(after?.data["socket"]?.[0]).nonce, ["next"]);
  equal("claim" in await api.read(id), false);
});

test("claim ignores the remains of a claim that the API writes back", async ({ inbox, api }) => {
  const { _hash: id } = await api.ask(1);
  await claimOne(inbox);
  await claimOne(inbox, NOW + 61);
  await api.wait(await api.read(id));
  const { _hash: other } = await api.ask(2);
  equal((await inbox.status(NOW)).maxAttempts, 0);
  const claims = await claim(inbox);
  deepEqual(ids(claims), [id, other]);
  deepEqual(claims.map(({ attempts }) => attempts), [1, 1]);
});

test("finish refuses if another answer came between, and a new claim can finish", async (opened) => {
  const { inbox, api } = opened;
  const { _hash: id } = await api.ask(1);
  const held = await claimOne(inbox);
  await api.change(await api.read(id), attribute("report_id", FAILED.report._hash));
  equal(await finish(opened, held), undefined);
  const after = await finish(opened, await claimOne(inbox, NOW + 61));
  assertEqual(after, questionWith(1, outcomeAttributes(READY)));
  await stored(opened, id);
});

test("claim is not stopped by a broken document", async ({ inbox, documents, api }) => {
  const { _hash: id, _cref } = await api.ask(1);
  const [status] = _cref.filter((hash) => hash === attribute("status", "wait")._hash);
  const broken = { itype: "object", sub_type: "query", _hash: "1".repeat(64) };
  await documents.insertMany([
    { ...broken, _cref: status, _ref: status, data: "none", claim: { attempts: "many" } },
    { ...broken, _cref: [status], _hash: "2".repeat(64), claim: 7 },
  ]);
  const claims = await claim(inbox);
  deepEqual(ids(claims).toSorted(), ["1".repeat(64), "2".repeat(64), id].toSorted());
  for (const held of claims) notEqual(await inbox.finish(held, FAILED), undefined);
});

for (const left of [undefined, {}]) {
  test(`claim first gives a lease to a query whose claim is ${JSON.stringify(left)}`, async (opened) => {
    const { inbox, api, documents } = opened;
    const { _hash: id } = await api.change(await api.ask(1), attribute("status", "processing"));
    if (left !== undefined) await documents.updateOne({ _hash: id }, { $set: { claim: left } });
    deepEqual(await claim(inbox), []);
    equal((await inbox.status(NOW)).counts.processing, 1);
    deepEqual(await claim(inbox, { now: NOW + 59 }), []);
    const { _hash: other } = await api.ask(2);
    const claims = await claim(inbox, { now: NOW + 60 });
    deepEqual(ids(claims), [id, other]);
    deepEqual(claims.map(({ attempts }) => attempts), [1, 1]);
    notEqual(await finish(opened, claims[0]!), undefined);
  });
}

test("waitForWork resolves when the API sets a query to wait", async ({ inbox, instances, api }) => {
  const { query, parts } = question(1, { status: "invalid" });
  deepEqual(await claim(inbox), []);
  const waited = elapsed(inbox.waitForWork(20_000, new AbortController().signal));
  await pause(300);
  await instances.put([...parts, query]);
  await pause(300);
  await api.wait(query);
  const ms = await waited;
  ok(ms > 550 && ms < 1500, `${ms} ms`);
});

test("claim frees the queries of a claim whose answer was lost with the connection", async (opened) => {
  const { documents, api } = opened;
  const { hostname, port } = new URL(url!.replace(/^mongodb:/, "http:"));
  const proxy = new Proxy({ hostname, port: Number(port) });
  const mongo = await openMongo(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true`);
  const collection = { db: documents.dbName, coll: documents.collectionName };
  const inbox = new MongoInbox(mongo, collection);
  try {
    for (let number = 1;; number += 2) {
      // Two queries: for a single one the driver repeats the command and gets the answer.
      const asked = [await api.ask(number), await api.ask(number + 1)].map(({ _hash }) => _hash);
      const taken = { _hash: { $in: asked }, claim: { $exists: true } };
      const taking = claim(inbox).then(() => true, () => false);
      while (await documents.countDocuments(taken, LOCAL) < 2);
      await proxy.cut();
      proxy.mend();
      const answered = await taking;
      // The answer came before the cut: try again.
      if (answered && number < 40) continue;
      equal(answered, false);
      const held = await claim(inbox);
      deepEqual(held.map(({ id }) => id), asked);
      for (const { attempts, reason } of held) {
        deepEqual([attempts, reason], [2, "The claim's answer was lost"]);
      }
      break;
    }
  } finally {
    await mongo.close();
    await proxy.cut();
  }
});

test("claim, status and waitForWork ignore objects that are not queries", async ({ inbox, instances }) => {
  const { parts } = question(1);
  const status = parts.filter(({ sub_type }) => sub_type === "status");
  await instances.put([...parts, object("host_state", status)]);
  deepEqual(await claim(inbox), []);
  equal((await inbox.status(NOW)).counts.wait, 0);
  const ms = await elapsed(inbox.waitForWork(300, new AbortController().signal));
  ok(ms >= 290, `${ms} ms`);
});
