import { deepEqual, equal, ok } from "../assert.ts";
import fc from "fast-check";
import { type Document, MongoBulkWriteError, ObjectId } from "mongodb";
import { nowSeconds } from "../../lib/clock.ts";
import { toBson } from "../../lib/mongo/bson.ts";
import { collectionOf, openMongo } from "../../lib/mongo/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { tdql } from "../../lib/tdql/tdql.ts";
import { mongoUrl } from "../mongo/server.ts";
import { damagedDocument } from "./arbitrary_bson.ts";
import { createCommunity } from "./community.ts";
import { LONG } from "./long.ts";
import { install, type Installation, type InstallationOptions } from "./installation.ts";

const SOUND = 20;
const DAMAGED = 1000;

/** Queries fail one by one, each durably. */
const DAMAGED_QUERIES = LONG ? 1000 : 300;
const MAX_ATTEMPTS = 3;

/** Settings under which everything ends soon. */
const SOON = { lease: 1, max_attempts: MAX_ATTEMPTS };

const mongo = mongoUrl();
if (mongo !== undefined) {
  Deno.test("archive run on MongoDB ends every entry, whatever its document contains", () =>
    withInstallation({ mongo, archive: SOON }, async (installation) => {
      const { stores: { lake, archive }, upload } = installation;
      const sound = Array.from({ length: SOUND }, (_, number) => upload(`${number}`));
      const paths = [
        ..."_id processed timestamp name orgid timezone typetag fid".split(" "),
        ...CLAIM,
      ];
      const entry = {
        _id: new ObjectId(),
        timestamp: 1,
        processed: false,
        name: "n",
        orgid: "o",
        timezone: "UTC",
        typetag: "sighting",
        fid: new ObjectId(),
        claim: { owner: "o", until: 1, attempts: 1 },
      };
      const inserted = await insertDamaged(installation, "file_entries", {
        documents: fc.sample(damagedDocument(entry, paths), DAMAGED),
        // The server finds a list that contains true, as the existing archive does: finished.
        isWanted: ({ processed }) => ![processed].flat().includes(true),
      });
      await lake.submit(await Promise.all(sound));
      await assertAnswers(installation, () => lake.status(nowSeconds()));
      equal((await installation.run("run", "--once")).code, 0);
      await assertAnswers(installation, () => lake.status(nowSeconds()));
      const { counts } = await lake.status(nowSeconds());
      deepEqual(counts, {
        WAITING: 0,
        CLAIMED: 0,
        DELAYED: 0,
        NOT_SUPPORTED: counts.NOT_SUPPORTED,
        SUCCESS: SOUND,
        ERROR: inserted - counts.NOT_SUPPORTED,
      });
      equal((await archive.count())["raw"], SOUND);
    }));

  Deno.test("report run on MongoDB ends every query, whatever its document contains", () =>
    withInstallation({ mongo, program: "report", report: SOON }, async (installation) => {
      const { stores: { inbox } } = installation;
      const { ask } = await createCommunity(installation);
      const documents = [...queries("wait"), ...queries("processing")];
      const isQuery = ({ itype, sub_type }: Document) =>
        [itype].flat().includes("object") && [sub_type].flat().includes("query");
      const inserted = await insertDamaged(installation, "report", {
        documents,
        isWanted: isQuery,
      });
      const asked = [];
      for (let number = 0; number < SOUND; number++) asked.push(await ask(number));
      await assertAnswers(installation, () => inbox.status(nowSeconds()));
      for (let attempts = 0; await unanswered(installation) > 0; attempts++) {
        ok(attempts <= MAX_ATTEMPTS, String(attempts));
        equal((await installation.run("run", "--once")).code, 0);
        await assertAnswers(installation, () => inbox.status(nowSeconds()));
        await new Promise((resolve) => setTimeout(resolve, 1100));
      }
      const { counts, quarantined = 0 } = await inbox.status(nowSeconds());
      deepEqual([counts.ready, counts.failed + quarantined], [SOUND, inserted]);
      for (const id of asked) {
        deepEqual((await inbox.find(id))!.data["status"], ["ready"]);
      }
    }));
}

/** Paths of the fields of a claim. */
const CLAIM = ["claim", "claim.owner", "claim.until", "claim.attempts", "claim.reason"];

async function withInstallation(
  options: InstallationOptions,
  body: (installation: Installation) => Promise<void>,
): Promise<void> {
  const installation = await install(options);
  try {
    await body(installation);
  } finally {
    await installation.close();
  }
}

/** Queries that fail at best, with damaged documents. */
function queries(status: "wait" | "processing"): readonly Document[] {
  const { query } = tdql({ qtype: "count", qdata: "x", qhash: "", userid: "u", timestamp: 1 });
  const hash = attribute("status", status)._hash;
  const data = [..."status report_id qtype qdata userid encrypted timestamp socket".split(" ")];
  const paths = [
    "_hash",
    "itype",
    "sub_type",
    "_ref",
    "data",
    ...data.map((name) => `data.${name}`),
  ];
  const document = {
    ...plainDocument(query as unknown as Fields),
    _cref: [hash],
    _ref: [hash],
    ...(status === "processing" && { claim: { owner: "o", until: 1, attempts: 1 } }),
  };
  return fc.sample(damagedDocument(document, [...paths, ...CLAIM]), DAMAGED_QUERIES / 2)
    .map((each, number) => each["_hash"] === query._hash ? { ...each, _hash: `${number}` } : each);
}

/** A document for the driver, without the Maps that {@link toBson} makes of its outermost levels. */
function plainDocument(fields: Fields): Document {
  const entries = Object.entries(Object.fromEntries(toBson(fields) as Map<string, unknown>));
  return Object.fromEntries(
    entries.map((
      [name, value],
    ) => [name, value instanceof Map ? Object.fromEntries(value) : value]),
  );
}

/** Inserts what the server takes of the documents, without indices; returns how many of them are to be ended. */
async function insertDamaged(
  { config }: Installation,
  coll: string,
  { documents, isWanted }: {
    readonly documents: readonly Document[];
    readonly isWanted: (document: Document) => boolean;
  },
): Promise<number> {
  const opened = await openMongo(mongo!);
  try {
    const collection = collectionOf(opened, { db: config.cache.db, coll });
    const wanted = documents.filter(isWanted)
      .map(({ _id, ...rest }) =>
        _id instanceof ObjectId || _id === undefined ? rest : { _id, ...rest }
      );
    // As before the first start: some of these documents cannot be indexed.
    await collection.dropIndexes();
    await collection.insertMany(wanted, { ordered: false, forceServerObjectId: true })
      .catch((error) => {
        if (!(error instanceof MongoBulkWriteError)) throw error;
      });
    return await collection.countDocuments();
  } finally {
    await opened.close();
  }
}

/** Number of queries that wait or are processed. */
async function unanswered({ stores }: Installation): Promise<number> {
  const { wait, processing, delayed } = (await stores.inbox.status(nowSeconds())).counts;
  return wait + processing + delayed;
}

/** Asserts that the store says how things are, and so do the commands. */
async function assertAnswers(
  { run }: Installation,
  status: () => Promise<unknown>,
): Promise<void> {
  await status();
  for (const command of ["status", "doctor"]) {
    const { code, err } = await run(command, "--json");
    equal(code, 0, err);
  }
}
