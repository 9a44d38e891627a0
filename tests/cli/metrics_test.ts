import { equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { Publication, publishMetrics } from "../../lib/cli/metrics.ts";
import { gauge } from "../../lib/metrics/gauge.ts";
import type { Family } from "../../lib/metrics/exposition.ts";
import { readExposition, valueOf } from "../metrics/read_exposition.ts";
import { freePort } from "./free_port.ts";

const never = new AbortController().signal;
const context = { program: "archive", version: "1.2.3" };
const counted = () => [gauge("counted", "What is counted.", 7)];
const answer: Family[] = [gauge("stored", "What the store says.", 3)];

function publication(status?: () => Promise<readonly Family[]>): Publication {
  const made = new Publication(counted);
  if (status !== undefined) made.watch(status);
  return made;
}

Deno.test("Publication asks the store each time", async () => {
  const text = await publication(() => Promise.resolve(answer)).text(1000, never);
  equal(valueOf(text, "stored"), 3);
  equal(valueOf(text, "cybexp_store_up"), 1);
  equal(valueOf(text, "counted"), 7);
});

const silences: [why: string, status: (() => Promise<readonly Family[]>) | undefined][] = [
  ["is not open yet", undefined],
  ["fails", () => Promise.reject(new Error("away"))],
  ["does not answer", () => new Promise(() => {})],
];

for (const [why, status] of silences) {
  Deno.test(`Publication goes without a store that ${why}`, async () => {
    const started = performance.now();
    const text = await publication(status).text(50, never);
    ok(performance.now() - started < 1000);
    equal(valueOf(text, "stored"), undefined);
    equal(valueOf(text, "cybexp_store_up"), 0);
    equal(valueOf(text, "counted"), 7);
  });
}

Deno.test("Publication waits for no store once its signal aborts", async () => {
  const ending = new AbortController();
  const text = publication(() => new Promise(() => {})).text(60_000, ending.signal);
  ending.abort();
  equal(valueOf(await text, "cybexp_store_up"), 0);
});

Deno.test("Publication does not ask a slow store twice at once, and asks again later", async () => {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<readonly Family[]>();
  const slow = publication(() => {
    asked++;
    return promise;
  });
  await Promise.all([slow.text(10, never), slow.text(10, never)]);
  equal(asked, 1);
  resolve(answer);
  equal(valueOf(await slow.text(1000, never), "stored"), 3);
  await slow.text(1000, never);
  equal(asked, 2);
});

Deno.test("publishMetrics answers GET /metrics, and anything else with 404", async () => {
  const port = freePort();
  const at = `http://127.0.0.1:${port}`;
  {
    const place = { hostname: "127.0.0.1", port };
    await using _publication = await publishMetrics(context, { place, counted });
    const response = await fetch(`${at}/metrics?of=all`);
    equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const text = await response.text();
    equal(valueOf(text, "cybexp_build_info", { program: "archive", version: "1.2.3" }), 1);
    equal(valueOf(text, "counted"), 7);
    for (const path of ["/", "/metrics/", "/Metrics", "/metrics/../x", "//metrics"]) {
      const { status, body } = await fetch(at + path);
      await body?.cancel();
      equal(status, 404, path);
    }
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"]) {
      const { status, body } = await fetch(`${at}/metrics`, { method });
      await body?.cancel();
      equal(status, 404, method);
    }
  }
  await rejects(fetch(`${at}/metrics`), TypeError);
});

Deno.test("publishMetrics names a port that is taken, as a fault of the configuration", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const place = { hostname: "127.0.0.1", port: taken.addr.port };
  await rejects(publishMetrics(context, { place, counted }), {
    name: "ConfigError",
    message: new RegExp(`^Cannot serve metrics at 127\\.0\\.0\\.1 port ${place.port}: `),
  });
});

Deno.test("publishMetrics writes a file at the start and at the end, and nothing beside it", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "archive-2.prom");
  let value = 1;
  try {
    {
      await using publication = await publishMetrics(context, {
        place: { path },
        counted: () => [gauge("counted", "What is counted.", value)],
      });
      const first = await Deno.readTextFile(path);
      equal(valueOf(first, "counted", { worker: "archive-2" }), 1);
      equal(valueOf(first, "cybexp_store_up"), 0);
      publication.watch(() => Promise.resolve(answer));
      value = 2;
    }
    const last = await Deno.readTextFile(path);
    equal(valueOf(last, "counted"), 2);
    equal(valueOf(last, "stored"), 3);
    for (const { samples } of readExposition(last).values()) {
      for (const { labels } of samples) equal(labels["worker"], "archive-2");
    }
    equal(Array.from(Deno.readDirSync(folder), ({ name }) => name).join(), "archive-2.prom");
    equal((await Deno.stat(path)).mode! & 0o777, 0o644);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("publishMetrics names a file it cannot write, as a fault of the configuration", async () => {
  const place = { path: "/nowhere/archive.prom" };
  await rejects(publishMetrics(context, { place, counted }), {
    name: "ConfigError",
    message: /^Cannot write metrics to \/nowhere\/archive\.prom: /,
  });
});

Deno.test({
  name: "publishMetrics names what it may not do to the file, as a fault of the configuration",
  permissions: { read: false, write: true },
  fn: async () => {
    const place = { path: "/nowhere/archive.prom" };
    await rejects(publishMetrics(context, { place, counted }), {
      name: "ConfigError",
      message: /^Cannot write metrics to \/nowhere\/archive\.prom: .*permission/,
    });
  },
});

Deno.test("publishMetrics publishes nothing where no place is named", async () => {
  await using publication = await publishMetrics(context, { place: null, counted });
  match(await publication.text(0, never), /^counted 7$/m);
});
