import { deepEqual, equal } from "node:assert/strict";
import { sleep } from "../../lib/sleep.ts";
import { Proxy } from "../mongo/proxy.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, untilLogged } from "./installation.ts";

const ENTRIES = 400;
const never = new AbortController().signal;
const url = mongoUrl();

if (url !== undefined) {
  Deno.test("archive run on MongoDB goes on by itself after the database was away", async () => {
    const { hostname, port } = new URL(url.replace(/^mongodb:/, "http:"));
    const proxy = new Proxy({ hostname, port: Number(port) });
    const through = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
    // Longer than the test may take: what was in hand must be given back, not run out.
    const installation = await install({ mongo: through, archive: { lease: 3600, batch: 16 } });
    const { stores, upload, start } = installation;
    try {
      await stores.lake.submit(
        await Promise.all(Array.from({ length: ENTRIES }, (_, number) => upload(`${number}`))),
      );
      const program = start("run");
      while ((await stores.lake.status(0)).counts.SUCCESS === 0) await sleep(10, never);
      await proxy.cut();
      await untilLogged(program, "Waiting for a database");
      await sleep(3000, never);
      proxy.mend();
      const mended = Date.now();
      while (await done(stores) < ENTRIES && Date.now() - mended < 30_000) await sleep(100, never);
      program.kill("SIGTERM");
      equal((await program.status).code, 0);
      await program.stdout.cancel();
      const { counts, leases } = await stores.lake.status(Date.now() / 1000);
      equal(counts.SUCCESS, ENTRIES);
      deepEqual(leases, []);
      equal((await stores.archive.count())["raw"], ENTRIES);
    } finally {
      await installation.close();
      await proxy.cut();
    }
  });
}

async function done({ lake }: Awaited<ReturnType<typeof install>>["stores"]): Promise<number> {
  return (await lake.status(0)).counts.SUCCESS;
}
