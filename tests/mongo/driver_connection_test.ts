import { once } from "node:events";
import { createConnection } from "node:net";
import { MongoNetworkError } from "mongodb";
import { ok, rejects } from "../assert.ts";
import { DriverConnection } from "../../lib/mongo/driver_connection.ts";
import { openMongo } from "../../lib/mongo/open.ts";
import { Proxy } from "./proxy.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

/** More than sockets and the proxy take at once, and no more than a document may have. */
const SENT_BYTES = 16_000_000;

for (const reason of [undefined, new Error("write EBADF")]) {
  const how = reason === undefined ? "closed" : "broken by its socket";
  Deno.test(`DriverConnection fails with an error of the network when it is ${how}`, async () => {
    // A server that takes nothing.
    using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepted = server.accept();
    const socket = createConnection((server.addr as Deno.NetAddr).port, "127.0.0.1");
    await once(socket, "connect");
    using _taken = await accepted;
    const connection = new DriverConnection(socket, { id: 1, generation: 0, hostAddress: "host" });
    const message = { toBin: () => [new Uint8Array(SENT_BYTES)] };
    const sending = rejects(
      connection.writeCommand(message, { agreedCompressor: "none" }),
      MongoNetworkError,
    );
    setTimeout(() => socket.destroy(reason), 100);
    await sending;
  });
}

const url = mongoUrl();
if (url !== undefined) {
  Deno.test("DriverConnection ends what is being sent when it is closed", async () => {
    const { db, close } = await freshDatabase(url);
    const { hostname, port } = new URL(url.replace(/^mongodb:/, "http:"));
    const proxy = new Proxy({ hostname, port: Number(port) });
    try {
      const mongo = await openMongo(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true`);
      const collection = mongo.client.db(db).collection("sent");
      await collection.insertOne({ data: new Uint8Array(1) });
      proxy.hold();
      const sending = rejects(
        collection.insertOne({ data: new Uint8Array(SENT_BYTES) }),
        { message: "Cannot send: the connection was closed" },
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      await mongo.close();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<"late">((resolve) => {
        timer = setTimeout(() => resolve("late"), 10_000);
      });
      ok(await Promise.race([sending, late]) !== "late", "it still waits");
      clearTimeout(timer);
    } finally {
      await proxy.cut();
      await close();
    }
  });
}
