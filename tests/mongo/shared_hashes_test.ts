import { deepEqual, equal } from "../assert.ts";
import { findUser, user } from "../../lib/identity/user.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { collectionOf } from "../../lib/mongo/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { plainDocument } from "../e2e/damaged_documents.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  for (const [what, order] of [["before", [0, 1]], ["behind", [1, 0]]] as const) {
    Deno.test(`MongoInstances returns a sound instance ${what} a damaged one of its hash`, async () => {
      const { mongo, db, close } = await freshDatabase(url);
      try {
        const name = { db, coll: "identity" };
        const { user: member } = user({ email: "a@example.org" });
        const sound = plainDocument(member as unknown as Fields);
        const documents = [sound, { ...sound, data: 5 }];
        await collectionOf(mongo, name).insertMany(order.map((i) => documents[i]!));
        const store = new MongoInstances(mongo, name);
        const found = await findUser(store, "a@example.org");
        deepEqual(found?.data["email_addr"], ["a@example.org"]);
        equal((await store.get([member._hash])).length, 1);
      } finally {
        await close();
      }
    });
  }

  Deno.test("MongoInstances counts what is no instance together", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const name = { db, coll: "instance" };
      const store = new MongoInstances(mongo, name);
      await store.put([attribute("ipv4", "192.0.2.1")]);
      const itypes = [5, ["raw"], new Date(0), "x".repeat(9e6), "y".repeat(9e6), null];
      await collectionOf(mongo, name).insertMany(itypes.map((itype) => ({ itype })));
      deepEqual(await store.count(), { attribute: 1, other: 6 });
    } finally {
      await close();
    }
  });
}
