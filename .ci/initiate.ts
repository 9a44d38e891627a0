/** Makes the MongoDB server at a port of 127.0.0.1 the only member of rs0, and its primary. */
import { MongoClient } from "mongodb";

const host = `127.0.0.1:${Deno.args[0]}`;
const client = new MongoClient(`mongodb://${host}/?directConnection=true`);
const admin = client.db("admin");
await admin.command({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host }] } });
const deadline = Date.now() + 30_000;
while (!(await admin.command({ hello: 1 })).isWritablePrimary) {
  if (Date.now() > deadline) throw new Error("The replica set has no primary after 30 seconds");
  await new Promise((resolve) => setTimeout(resolve, 100));
}
await client.close();
