import { deepEqual, equal } from "node:assert/strict";
import { sleep } from "../../lib/sleep.ts";
import { Proxy } from "../mongo/proxy.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { long } from "./long.ts";

const ENTRIES = 400;
const never = new AbortController().signal;
const url = mongoUrl();

if (url !== undefined) {
  outageTest(url, "goes on by itself after the database was away", async (proxy, installation) => {
    const { stores, start } = installation;
    const program = start("run");
    while (await archived(installation) === 0) await sleep(10, never);
    await proxy.cut();
    await untilLogged(program, "Waiting for a database");
    await sleep(long ? 30_000 : 3000, never);
    proxy.mend();
    const deadline = Date.now() + 30_000;
    while (await archived(installation) < ENTRIES && Date.now() < deadline) await sleep(100, never);
    equal(await stop(program), 0);
    const { counts, leases } = await stores.lake.status(Date.now() / 1000);
    equal(counts.SUCCESS, ENTRIES);
    deepEqual(leases, []);
    equal((await stores.archive.count())["raw"], ENTRIES);
  });

  outageTest(
    url,
    "ends within ten seconds though the database is away",
    async (proxy, { start }) => {
      const program = start("run");
      await untilLogged(program, "Archive started");
      await proxy.cut();
      const told = Date.now();
      equal(await stop(program), 0);
      equal(Date.now() - told < 10_000, true, `${Date.now() - told} ms`);
      proxy.mend();
    },
  );
}

/** With a lake of many entries, on a server behind a proxy that can be cut. */
function outageTest(
  url: string,
  what: string,
  body: (proxy: Proxy, installation: Installation) => Promise<void>,
): void {
  Deno.test(`archive run on MongoDB ${what}`, async () => {
    const { hostname, port } = new URL(url.replace(/^mongodb:/, "http:"));
    const proxy = new Proxy({ hostname, port: Number(port) });
    const mongo = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
    // A lease longer than the test may take: what was in hand must be given back, not run out.
    const installation = await install({ mongo, archive: { lease: 3600, batch: 16 } });
    const { stores, upload } = installation;
    try {
      const uploads = Array.from({ length: ENTRIES }, (_, number) => upload(`${number}`));
      await stores.lake.submit(await Promise.all(uploads));
      await body(proxy, installation);
    } finally {
      await installation.close();
      await proxy.cut();
    }
  });
}

async function archived({ stores }: Installation): Promise<number> {
  return (await stores.lake.status(0)).counts.SUCCESS;
}
