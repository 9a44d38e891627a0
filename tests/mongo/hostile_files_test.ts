import { deepEqual, ok } from "../assert.ts";
import fc from "fast-check";
import { type Collection, type Document, MongoBulkWriteError } from "mongodb";
import { Rejected } from "../../lib/errors.ts";
import type { CacheLake } from "../../lib/lake/lake.ts";
import { anyBson } from "../e2e/arbitrary_bson.ts";
import { claim, readAll, upload } from "../suites/lake/fixtures.ts";
import { testLake as test } from "./open_lake.ts";

const SOUND = 20;
const DAMAGED = 60;

/** Bytes of files of one chunk, and of two. */
const SIZES = [10, 300_000];

for (const indices of [true, false]) {
  const where = indices ? "" : " without indices";
  test(`read${where} returns sound files beside damaged ones`, async ({ lake, db }) => {
    const [files, chunks] = [db.collection("fs.files"), db.collection("fs.chunks")];
    await submit(lake, "damaged", DAMAGED);
    if (!indices) await chunks.dropIndexes();
    await damage(files, ["length", "chunkSize", "filename", "uploadDate"]);
    await damage(chunks, ["files_id", "n", "data"]);
    // No index can hold two lists, nor can the server sort by them.
    const { _id, files_id } = (await chunks.findOne({ files_id: { $type: "objectId" } }))!;
    await replace(chunks, { _id, files_id: [files_id], n: [0, 1] });
    await submit(lake, "sound", SOUND);
    const read = (await readAll(lake, await claim(lake))).flat();
    deepEqual(read.length, SOUND + DAMAGED);
    ok(read.some(({ file }) => file instanceof Rejected));
    for (const { claim: { entry }, file } of read) {
      const [kind, number] = String(entry["name"]).split(" ");
      if (kind === "damaged") continue;
      ok(file instanceof Uint8Array, String(file));
      deepEqual(file.length, SIZES[Number(number) % 2]);
    }
  });
}

function submit(lake: CacheLake, kind: string, count: number): Promise<string[]> {
  return lake.submit(
    Array.from(
      { length: count },
      (_, number) => upload(`${kind} ${number}`, { bytes: new Uint8Array(SIZES[number % 2]!) }),
    ),
  );
}

/** Replaces fields of all documents by values of any type. */
async function damage(collection: Collection, fields: readonly string[]): Promise<void> {
  const documents = await collection.find({}, { promoteBuffers: false }).toArray();
  const values = fc.sample(fc.tuple(fc.constantFrom(...fields), anyBson()), documents.length);
  for (const [i, document] of documents.entries()) {
    const [field, value] = values[i]!;
    await replace(collection, { ...document, [field]: value });
  }
}

async function replace(collection: Collection, { _id, ...document }: Document): Promise<void> {
  try {
    await collection.deleteOne({ _id });
    await collection.insertMany([{ _id, ...document }], { ordered: false });
  } catch (error) {
    // The server cannot index some.
    if (!(error instanceof MongoBulkWriteError)) throw error;
  }
}
