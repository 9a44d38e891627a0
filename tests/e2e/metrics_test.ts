import { equal, match, notEqual, ok } from "../assert.ts";
import { join } from "node:path";
import { sleep } from "../../lib/sleep.ts";
import { freePort } from "../cli/free_port.ts";
import { readExposition, valueOf } from "../metrics/read_exposition.ts";
import { mongoUrl } from "../mongo/server.ts";
import { createCommunity, EMAIL } from "./community.ts";
import { openDoor } from "./open_door.ts";
import { install, type InstallationOptions, stop, untilLogged } from "./installation.ts";

const never = new AbortController().signal;
const mongo = mongoUrl();

runTests("SQLite", {});
if (mongo !== undefined) runTests("MongoDB", { mongo });

function runTests(name: string, store: InstallationOptions): void {
  Deno.test(`archive run on ${name} serves metrics of its work and of the lake`, async () => {
    const port = freePort();
    const metrics = `127.0.0.1:${port}`;
    const installation = await install({ ...store, archive: { metrics } });
    try {
      const { stores, upload } = installation;
      await stores.lake.submit([
        await upload('{"ipv4": "192.0.2.1"}'),
        await upload("1", { typetag: "unknown", orgid: "secret.example.com" }),
      ]);
      const program = installation.start("run");
      await untilLogged(program, "Archive started");
      const text = await scrapeUntil(
        port,
        // The lake is asked before the outcomes are written, and may not have them yet.
        (text) =>
          ["SUCCESS", "NOT_SUPPORTED"].every((outcome) =>
            valueOf(text, "cybexp_archive_entries_total", { outcome }) === 1 &&
            valueOf(text, "cybexp_lake_entries", { state: outcome }) === 1
          ),
      );
      equal(await stop(program), 0);
      equal(valueOf(text, "cybexp_store_up"), 1);
      equal(valueOf(text, "cybexp_lake_entries", { state: "WAITING" }), 0);
      equal(valueOf(text, "cybexp_archive_events_total"), 1);
      equal(valueOf(text, "cybexp_archive_attempts_total"), 2);
      equal(valueOf(text, "cybexp_archive_entry_duration_seconds_count"), 2);
      equal(text.includes("secret"), false);
    } finally {
      await installation.close();
    }
  });
}

Deno.test("report serve serves metrics of its requests, without a word of them", async () => {
  const port = freePort();
  const installation = await install({ program: "report" });
  try {
    await createCommunity(installation);
    const { out } = await installation.run("users", "token", EMAIL);
    const door = await openDoor(installation, "--set", `door.metrics=127.0.0.1:${port}`);
    await door.ask(out.trim(), "/api/v1/count?q=203.0.113.99");
    await door.ask("secret", "/secret");
    const text = await scrapeUntil(
      port,
      (text) => valueOf(text, "cybexp_door_request_duration_seconds_count") === 2,
    );
    const labels = { route: "GET /api/v1/count", status: "200" };
    equal(valueOf(text, "cybexp_door_requests_total", labels), 1);
    equal(valueOf(text, "cybexp_store_up"), 1);
    notEqual(valueOf(text, "cybexp_door_connections"), 0);
    equal(/203\.0|secret/.test(text), false);
    equal(await stop(door.program), 0);
  } finally {
    await installation.close();
  }
});

Deno.test("report run serves metrics, and stops in time while a scraper keeps a connection open", async () => {
  const port = freePort();
  const installation = await install({
    program: "report",
    report: { metrics: `127.0.0.1:${port}` },
  });
  try {
    const { ask } = await createCommunity(installation);
    const program = installation.start("run");
    await untilLogged(program, "Report started");
    using _silent = await Deno.connect({ hostname: "127.0.0.1", port });
    await ask(1);
    const labels = { status: "ready", qtype: "count" };
    const text = await scrapeUntil(
      port,
      (text) =>
        valueOf(text, "cybexp_report_queries_total", labels) === 1 &&
        valueOf(text, "cybexp_inbox_queries", { status: "ready" }) === 1,
    );
    equal(valueOf(text, "cybexp_report_notifications_total", { result: "not_sent" }), 1);
    equal(valueOf(text, "cybexp_report_query_duration_seconds_count"), 1);
    const stopped = Date.now();
    equal(await stop(program), 0);
    const waited = Date.now() - stopped;
    ok(waited < 5000, `${waited} ms`);
  } finally {
    await installation.close();
  }
});

Deno.test("archive run writes all metrics to a file before it ends", async () => {
  const installation = await install({});
  try {
    const { folder, stores, upload } = installation;
    const path = join(folder, "archive.prom");
    await stores.lake.submit([await upload('{"ipv4": "192.0.2.1"}')]);
    const { code, err } = await installation.run(
      "run",
      "--once",
      "--set",
      `archive.metrics=${path}`,
    );
    equal(code, 0, err);
    const text = await Deno.readTextFile(path);
    const labels = { outcome: "SUCCESS", worker: "archive" };
    equal(valueOf(text, "cybexp_archive_entries_total", labels), 1);
    equal(valueOf(text, "cybexp_lake_entries", { state: "SUCCESS" }), 1);
    equal(readExposition(text).get("cybexp_archive_entries_total")?.type, "counter");
  } finally {
    await installation.close();
  }
});

Deno.test("archive run replaces the metrics file in one step, even without permission to read", async () => {
  const installation = await install({});
  try {
    const path = join(installation.folder, "archive.prom");
    const program = installation.start("run", "--set", `archive.metrics=${path}`);
    await untilLogged(program, "Archive started");
    using reader = await Deno.open(path);
    const { ino } = await reader.stat();
    equal(await stop(program), 0);
    notEqual((await Deno.stat(path)).ino, ino);
    const before = await new Response(reader.readable).text();
    equal(valueOf(before, "cybexp_archive_attempts_total", { worker: "archive" }), 0);
  } finally {
    await installation.close();
  }
});

Deno.test("archive run exits with 78 if metrics would be served to other hosts", async () => {
  const installation = await install({});
  try {
    const set = ["--set", "archive.metrics=0.0.0.0:9464"];
    const { code, err } = await installation.run("run", "--once", ...set);
    equal(code, 78);
    match(err, /archive\.metrics must be at a loopback address/);
  } finally {
    await installation.close();
  }
});

/** Scrapes the metrics until `isReached` accepts them. */
async function scrapeUntil(port: number, isReached: (text: string) => boolean): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    if (isReached(text)) return text;
    await sleep(100, never);
  }
  throw new Error("The metrics did not reach the expected values");
}
