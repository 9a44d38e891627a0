import { deepEqual, equal, ok } from "../assert.ts";
import type { ObjectId } from "mongodb";
import { claim, readAll, upload } from "../suites/lake/fixtures.ts";
import { testLake as test } from "./open_lake.ts";

test("discard leaves a file that an entry needs which is waiting or failed", async (opened) => {
  const { lake, entries, db } = opened;
  await lake.submit([upload("waiting"), upload("failed"), upload("done")]);
  const fid = async (name: string): Promise<ObjectId> => (await entries.findOne({ name }))!["fid"];
  const done = { processed: true };
  await entries.updateOne({ name: "failed" }, { $set: { ...done, state: "ERROR" } });
  await entries.updateOne({ name: "done" }, { $set: done });
  const others = [await fid("waiting"), await fid("failed"), await fid("done")];
  const { insertedIds } = await entries.insertMany(others.map((fid) => ({ ...done, fid })));
  equal(await lake.discard(Object.values(insertedIds).map(String)), 3);
  // A finished entry that succeeded is what purge is for: its file goes with the first of two.
  equal(await db.collection("fs.files").countDocuments(), 2);
  const [read] = (await readAll(lake, await claim(lake))).flat();
  ok(read?.file instanceof Uint8Array);
  const [failed] = await lake.list({ states: ["ERROR"] }, 10);
  equal(failed?.size, upload("failed").bytes.length);
  equal(await lake.discard([failed.id]), 1);
  deepEqual(await db.collection("fs.files").countDocuments(), 1);
});
