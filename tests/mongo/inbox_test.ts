import assert from "node:assert/strict";
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
import { endParts, type Socket, tdql } from "../../lib/tdql/tdql.ts";
import {
  assertEqual,
  claim,
  claimOne,
  elapsed,
  failed,
  finish,
  ids,
  later,
  now,
  type Opened,
  pause,
  question,
  questionWith,
  ready,
  socket,
  stored,
} from "../suites/inbox/fixtures.ts";
import { inboxSuite } from "../suites/inbox_suite.ts";
import { Builder } from "../tahoe/builder.ts";
import { readVectors } from "../vectors.ts";
import { Proxy } from "./proxy.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();

type MongoOpened = Opened & { inbox: MongoInbox; documents: Collection<Document>; api: Api };

async function open(url: string): Promise<MongoOpened> {
  const { mongo, db, close } = await freshDatabase(url);
  const place = { db, coll: "instance" };
  await ensureQueryIndices(mongo, place);
  const inbox = new MongoInbox(mongo, place);
  const instances = new MongoInstances(mongo, place);
  const documents = collectionOf(mongo, place);
  const closing = [() => inbox.close()];
  return {
    inbox,
    instances,
    documents,
    api: new Api(instances, documents),
    async again() {
      const other = await openMongo(url);
      const inbox = new MongoInbox(other, place);
      closing.push(() => inbox.close().then(() => other.close()));
      return inbox;
    },
    async close() {
      for (const each of closing) await each();
      await close();
    },
  };
}

/** Writes queries as the existing API does: all fields of a copy at once, `claim` and all. */
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

  /** Puts children in the place of those of their sub-types. Returns the copy it has by then. */
  async change(copy: TahoeObject, ...children: Child[]): Promise<TahoeObject> {
    await this.#instances.put(children);
    const others = (await this.#instances.get(copy._cref)).filter(({ sub_type }) =>
      children.every((child) => child.sub_type !== sub_type)
    );
    const changed = { ...copy, ...groupChildren([...others as Child[], ...children]) };
    await this.#documents.updateOne({ _hash: copy._hash }, { $set: toBson(changed as Fields) });
    return changed;
  }

  async setSocket(copy: TahoeObject, { host, port, nonce }: Socket): Promise<TahoeObject> {
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
    return await this.wait(await this.setSocket(query, socket));
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

/** What is done is seen before it is durable, and so before its answer. */
const local = { readConcern: { level: "local" } } as const;

type ReportCase = { id: string; userid: string; tdql_doc_json?: string };

const { queries }: { queries: ReportCase[] } = JSON.parse(
  await readVectors("reports/small/cases.json"),
);

for (const { id, tdql_doc_json } of queries) {
  if (tdql_doc_json === undefined) continue;
  test(`leaves what the existing system leaves of vector ${id}`, async (opened) => {
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
    // The existing system hashes reports in another way: its hash stands in the query.
    const report = { ...ready.report, _hash: first("report_id") };
    const after = await finish(opened, held, { status: first("status"), report });
    assertEqual(after, wanted);
    assertEqual(await stored(opened, query._hash), wanted);
  });
}

test("finish leaves every query of the vectors otherwise as the API made it", async (opened) => {
  const { inbox, instances, api } = opened;
  for (const { input_json, doc_json } of JSON.parse(await readVectors("instances.json")).cases) {
    const { make, let: named } = parseJson(input_json) as { make: Fields; let: [string, Fields][] };
    if (make["new"] !== "TDQL" || doc_json === undefined) continue;
    const builder = new Builder(now);
    for (const [name, spec] of named) builder.define(name, spec);
    builder.build(make);
    const query = parseJson(doc_json) as unknown as TahoeObject;
    await instances.remove(query._hash);
    await instances.put([query, ...builder.built]);
    await api.wait(query);
    const after = await finish(opened, await claimOne(inbox));
    const others = Object.entries(query.data).filter(([name]) => !(name in ended));
    assertEqual(await stored(opened, query._hash), after!);
    assertEqual({ ...after!, _cref: [], _ref: [] }, {
      ...query,
      data: { ...Object.fromEntries(others), ...ended },
      _cref: [],
      _ref: [],
    });
  }
});

const ended = { status: ["ready"], report_id: [ready.report._hash] };

test("claim keeps the types of numbers as pymongo writes them", async ({ inbox, documents, api }) => {
  await api.ask(1);
  const { attempts } = await claimOne(inbox);
  assert.equal(attempts, 1);
  const types = await documents.aggregate([{ $match: { sub_type: "query" } }, {
    $project: {
      port: { $type: { $first: { $first: "$data.socket.port" } } },
      timestamp: { $type: { $first: "$data.timestamp" } },
      attempts: { $type: "$claim.attempts" },
      until: { $type: "$claim.until" },
    },
  }]).next();
  const { _id, ...rest } = types ?? {};
  assert.deepEqual(rest, { port: "int", timestamp: "double", attempts: "int", until: "double" });
});

test("the API asking again takes a query from its worker", async (opened) => {
  const { inbox, api } = opened;
  const { _hash: id } = await api.ask(1);
  const early = await claimOne(inbox);
  const copy = await api.setSocket(await api.read(id), { ...socket, nonce: "next" });
  assert.deepEqual(await inbox.renew([early], now + 70), []);
  const waiting = await api.wait(copy);
  assert.ok("claim" in waiting);
  assert.equal(await finish(opened, early), undefined);
  assert.deepEqual(await inbox.renew([early], later), [id]);
  const late = await claimOne(inbox, now, "worker-2");
  assert.equal(late.attempts, 1);
  assert.equal(await finish(opened, early), undefined);
  const after = await finish(opened, late);
  assert.deepEqual(Object(after?.data["socket"]?.[0]).nonce, ["next"]);
  assert.equal("claim" in await api.read(id), false);
});

test("what the API brings back of a claim makes nobody suspect", async ({ inbox, api }) => {
  const { _hash: id } = await api.ask(1);
  await claimOne(inbox);
  await claimOne(inbox, now + 61);
  await api.wait(await api.read(id));
  const { _hash: other } = await api.ask(2);
  assert.equal((await inbox.status(now)).maxAttempts, 0);
  const claims = await claim(inbox);
  assert.deepEqual(ids(claims), [id, other]);
  assert.deepEqual(claims.map(({ attempts }) => attempts), [1, 1]);
});

test("finish refuses where another answer came between, and a new claim ends it", async (opened) => {
  const { inbox, api } = opened;
  const { _hash: id } = await api.ask(1);
  const held = await claimOne(inbox);
  await api.change(await api.read(id), attribute("report_id", failed.report._hash));
  assert.equal(await finish(opened, held), undefined);
  const after = await finish(opened, await claimOne(inbox, now + 61));
  assertEqual(after, questionWith(1, endParts(ready)));
  await stored(opened, id);
});

test("claim is not stopped by a document that is broken", async ({ inbox, documents, api }) => {
  const { _hash: id, _cref } = await api.ask(1);
  const [status] = _cref.filter((hash) => hash === attribute("status", "wait")._hash);
  const broken = { itype: "object", sub_type: "query", _hash: "1".repeat(64) };
  await documents.insertMany([
    { ...broken, _cref: status, _ref: status, data: "none", claim: { attempts: "many" } },
    { ...broken, _cref: [status], _hash: "2".repeat(64), claim: 7 },
  ]);
  const claims = await claim(inbox);
  assert.deepEqual(ids(claims).toSorted(), ["1".repeat(64), "2".repeat(64), id].toSorted());
  for (const held of claims) assert.notEqual(await inbox.finish(held, failed), undefined);
});

for (const left of [undefined, null, {}, { owner: "o", until: "?", attempts: 7 }]) {
  test(`claim gives ${JSON.stringify(left)} in place of a claim a lease first`, async (opened) => {
    const { inbox, api, documents } = opened;
    const { _hash: id } = await api.change(await api.ask(1), attribute("status", "processing"));
    if (left !== undefined) await documents.updateOne({ _hash: id }, { $set: { claim: left } });
    assert.deepEqual(await claim(inbox), []);
    assert.equal((await inbox.status(now)).counts.processing, 1);
    assert.deepEqual(await claim(inbox, { now: now + 59 }), []);
    const { _hash: other } = await api.ask(2);
    const claims = await claim(inbox, { now: now + 60 });
    assert.deepEqual(ids(claims), [id, other]);
    assert.deepEqual(claims.map(({ attempts }) => attempts), [1, 1]);
    assert.notEqual(await finish(opened, claims[0]!), undefined);
  });
}

test("waitForWork resolves when the API lets a query wait", async ({ inbox, instances, api }) => {
  const { query, parts } = question(1, { status: "invalid" });
  assert.deepEqual(await claim(inbox), []);
  const waited = elapsed(inbox.waitForWork(20_000, new AbortController().signal));
  await pause(300);
  await instances.put([...parts, query]);
  await pause(300);
  await api.wait(query);
  const ms = await waited;
  assert.ok(ms > 550 && ms < 1500, `${ms} ms`);
});

test("a claim whose answer was lost with the connection is free at the next", async (opened) => {
  const { documents, api } = opened;
  const { hostname, port } = new URL(url!.replace(/^mongodb:/, "http:"));
  const proxy = new Proxy({ hostname, port: Number(port) });
  const mongo = await openMongo(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true`);
  const place = { db: documents.dbName, coll: documents.collectionName };
  const inbox = new MongoInbox(mongo, place);
  try {
    for (let number = 1;; number += 2) {
      // Of a single one the driver asks for the answer again.
      const asked = [await api.ask(number), await api.ask(number + 1)].map(({ _hash }) => _hash);
      const taken = { _hash: { $in: asked }, claim: { $exists: true } };
      const taking = claim(inbox).then(() => true, () => false);
      while (await documents.countDocuments(taken, local) < 2);
      await proxy.cut();
      proxy.mend();
      const answered = await taking;
      // The answer was faster: once more.
      if (answered && number < 40) continue;
      assert.equal(answered, false);
      const held = await claim(inbox);
      assert.deepEqual(held.map(({ id }) => id), asked);
      for (const { attempts, reason } of held) {
        assert.deepEqual([attempts, reason], [2, "The claim's answer was lost"]);
      }
      break;
    }
  } finally {
    await mongo.close();
    await proxy.cut();
  }
});

test("claim, status and waiting pass over what is no query", async ({ inbox, instances }) => {
  const { parts } = question(1);
  const status = parts.filter(({ sub_type }) => sub_type === "status");
  await instances.put([...parts, object("host_state", status)]);
  assert.deepEqual(await claim(inbox), []);
  assert.equal((await inbox.status(now)).counts.wait, 0);
  const ms = await elapsed(inbox.waitForWork(300, new AbortController().signal));
  assert.ok(ms >= 290, `${ms} ms`);
});
