import { once } from "node:events";
import { createConnection } from "node:net";
import { MongoNetworkError } from "mongodb";
import { ok, rejects } from "../assert.ts";
import { StoreUnavailable } from "../../lib/errors.ts";
import { DriverConnection } from "../../lib/mongo/driver_connection.ts";
import { MongoLake } from "../../lib/mongo/lake.ts";
import { openMongo } from "../../lib/mongo/open.ts";
import { Proxy } from "./proxy.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

/** More than sockets and the proxy take at once. */
const UPLOAD_BYTES = 30_000_000;

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
    const message = { toBin: () => [new Uint8Array(UPLOAD_BYTES)] };
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
      const lake = new MongoLake(mongo, { db, coll: "cache" });
      await lake.submit([upload(1)]);
      proxy.hold();
      const submitting = rejects(lake.submit([upload(UPLOAD_BYTES)]), StoreUnavailable);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await mongo.close();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<"late">((resolve) => {
        timer = setTimeout(() => resolve("late"), 10_000);
      });
      ok(await Promise.race([submitting, late]) !== "late", "it still waits");
      clearTimeout(timer);
    } finally {
      await proxy.cut();
      await close();
    }
  });
}

function upload(length: number) {
  return {
    name: "n",
    typetag: "test_json",
    orgid: "o".repeat(64),
    timezone: "UTC",
    timestamp: 0,
    bytes: new Uint8Array(length),
  };
}
