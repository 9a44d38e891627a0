import { deepEqual, equal } from "../assert.ts";
import { Double, GridFSBucket, ObjectId } from "mongodb";
import { importPrivateKey } from "../../lib/envelope/key.ts";
import { archiveBatch } from "../../lib/lake/archive_batch.ts";
import { ensureInstanceIndices, ensureLakeIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { MongoLake } from "../../lib/mongo/lake.ts";
import { archiveSuite } from "../suites/archive_suite.ts";
import { collect } from "../suites/open_instances.ts";
import { readVectors } from "../vectors.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

type ArchiveCase = {
  id: string;
  fault: string | null;
  key: string;
  cache_doc: { [name: string]: unknown };
  file_b64: string | null;
  returned: boolean;
  cache_doc_after: { [name: string]: unknown };
};

async function open(url: string) {
  const { mongo, db, close } = await freshDatabase(url);
  const collections = { lake: { db, coll: "file_entries" }, archive: { db, coll: "instance" } };
  await ensureLakeIndices(mongo, collections.lake);
  await ensureInstanceIndices(mongo, collections.archive);
  const lake = new MongoLake(mongo, collections.lake);
  return {
    mongo,
    db,
    lake,
    archive: new MongoInstances(mongo, collections.archive),
    async close() {
      await lake.close();
      await close();
    },
  };
}

/** Puts a vector's entry and file into the lake as the API would, with the faults of the file. */
async function submitCase(
  { mongo, db }: Awaited<ReturnType<typeof open>>,
  { fault, cache_doc, file_b64 }: ArchiveCase,
): Promise<ObjectId> {
  const fid = new ObjectId();
  const { client } = mongo;
  if (fault !== "nofile") {
    const stream = new GridFSBucket(client.db(db)).openUploadStreamWithId(fid, "test");
    const bytes = Uint8Array.from(atob(file_b64 ?? ""), (unit) => unit.charCodeAt(0));
    await new Promise<void>((resolve, reject) => {
      stream.once("finish", resolve).once("error", reject).end(bytes);
    });
  }
  const chunks = client.db(db).collection("fs.chunks");
  if (fault === "corrupt") await chunks.deleteMany({ files_id: fid });
  if (fault === "shortchunk") {
    await chunks.updateOne({ files_id: fid }, { $set: { data: new Uint8Array(10) } });
  }
  const { timestamp } = cache_doc;
  const entry = {
    ...cache_doc,
    ...("fid" in cache_doc && { fid }),
    ...(typeof timestamp === "number" && { timestamp: new Double(timestamp) }),
  };
  const { insertedId } = await client.db(db).collection("file_entries").insertOne(entry);
  return insertedId as ObjectId;
}

const url = mongoUrl();
if (url !== undefined) {
  archiveSuite("MongoLake", () => open(url));

  Deno.test("MongoLake: archiveBatch leaves entries as the vectors have them after success", async () => {
    const { cases }: { cases: ArchiveCase[] } = JSON.parse(
      await readVectors("archive/archive_one.json"),
    );
    const installation = await open(url);
    const { lake, archive, mongo, db } = installation;
    const key = await importPrivateKey(await readVectors("envelopes/priv2048.pem"));
    try {
      for (const vector of cases.filter(({ file_b64 }) => file_b64 !== null)) {
        const id = await submitCase(installation, vector);
        const claims = await lake.claim({ owner: "w", limit: 1, lease: 60, now: 1000 });
        const [end] = (await collect(archiveBatch(claims, {
          lake,
          archive,
          keys: [key],
          first: "eax",
          typetags: ["*"],
          filters: new Map(),
          maxBytes: 1_000_000,
          maxAttempts: 3,
          retryAfter: () => 5,
          now: () => 1000,
        }))).flat();
        const after = await mongo.client.db(db).collection("file_entries").findOne({ _id: id });
        const { _id, fid: _, ...fields } = after!;
        if (vector.returned) {
          equal(end?.outcome.state, "SUCCESS", vector.id);
          const { fid: _, ...expected } = vector.cache_doc_after;
          deepEqual(fields, expected, vector.id);
        } else {
          equal(fields["processed"], true, vector.id);
          equal(fields["skip"] === true, end?.outcome.state === "ERROR", vector.id);
          const badFile = ["nofile", "corrupt", "shortchunk"].includes(vector.fault ?? "") ||
            !("fid" in vector.cache_doc);
          equal(fields["bad_data"] === true, badFile, vector.id);
        }
      }
    } finally {
      await installation.close();
    }
  });
}
