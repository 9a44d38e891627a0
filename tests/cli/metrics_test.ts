import { equal, match, ok, rejects } from "../assert.ts";
import { join } from "node:path";
import { Publication, publishMetrics } from "../../lib/cli/metrics.ts";
import { gauge } from "../../lib/metrics/gauge.ts";
import type { Family } from "../../lib/metrics/exposition.ts";
import { readExposition, valueOf } from "../metrics/read_exposition.ts";
import { freePort } from "./free_port.ts";

const never = new AbortController().signal;
const CONTEXT = { program: "archive", version: "1.2.3" };
const families = () => [gauge({ name: "counted", help: "What is counted." }, 7)];
const storeFamilies: Family[] = [gauge({ name: "stored", help: "What the store says." }, 3)];

function createPublication(status?: () => Promise<readonly Family[]>): Publication {
  const publication = new Publication(families);
  if (status !== undefined) publication.includeStore(status);
  return publication;
}

Deno.test("Publication asks the store for each scrape", async () => {
  const text = await createPublication(() => Promise.resolve(storeFamilies)).text(1000, never);
  equal(valueOf(text, "stored"), 3);
  equal(valueOf(text, "cybexp_store_up"), 1);
  equal(valueOf(text, "counted"), 7);
});

const SILENT_STORES: [why: string, status: (() => Promise<readonly Family[]>) | undefined][] = [
  ["is not open yet", undefined],
  ["fails", () => Promise.reject(new Error("away"))],
  ["does not answer", () => new Promise(() => {})],
];

for (const [why, status] of SILENT_STORES) {
  Deno.test(`Publication leaves out a store that ${why}`, async () => {
    const started = performance.now();
    const text = await createPublication(status).text(50, never);
    const elapsed = performance.now() - started;
    ok(elapsed < 1000, String(elapsed));
    equal(valueOf(text, "stored"), undefined);
    equal(valueOf(text, "cybexp_store_up"), 0);
    equal(valueOf(text, "counted"), 7);
  });
}

Deno.test("Publication stops waiting for the store when the signal aborts", async () => {
  const ending = new AbortController();
  const text = createPublication(() => new Promise(() => {})).text(60_000, ending.signal);
  ending.abort();
  equal(valueOf(await text, "cybexp_store_up"), 0);
});

Deno.test("Publication asks a slow store only once at a time, and again later", async () => {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<readonly Family[]>();
  const slow = createPublication(() => {
    asked++;
    return promise;
  });
  await Promise.all([slow.text(10, never), slow.text(10, never)]);
  equal(asked, 1);
  resolve(storeFamilies);
  equal(valueOf(await slow.text(1000, never), "stored"), 3);
  await slow.text(1000, never);
  equal(asked, 2);
});

Deno.test("publishMetrics answers GET /metrics, and anything else with 404", async () => {
  const port = freePort();
  const at = `http://127.0.0.1:${port}`;
  {
    const target = { hostname: "127.0.0.1", port };
    await using _publication = await publishMetrics(CONTEXT, { target, families });
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

Deno.test("publishMetrics reports a port that is in use as a fault of the configuration", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const target = { hostname: "127.0.0.1", port: taken.addr.port };
  await rejects(publishMetrics(CONTEXT, { target, families }), {
    name: "ConfigError",
    message: new RegExp(`^Cannot serve metrics at 127\\.0\\.0\\.1 port ${target.port}: `),
  });
});

Deno.test("publishMetrics writes a file at the start and at the end, and leaves no other file", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "archive-2.prom");
  let value = 1;
  try {
    {
      await using publication = await publishMetrics(CONTEXT, {
        target: { path },
        families: () => [gauge({ name: "counted", help: "What is counted." }, value)],
      });
      const first = await Deno.readTextFile(path);
      equal(valueOf(first, "counted", { worker: "archive-2" }), 1);
      equal(valueOf(first, "cybexp_store_up"), 0);
      publication.includeStore(() => Promise.resolve(storeFamilies));
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

Deno.test("publishMetrics reports a file that cannot be written as a fault of the configuration", async () => {
  const target = { path: "/nowhere/archive.prom" };
  await rejects(publishMetrics(CONTEXT, { target, families }), {
    name: "ConfigError",
    message: /^Cannot write metrics to \/nowhere\/archive\.prom: /,
  });
});

Deno.test({
  name: "publishMetrics reports a missing permission for the file as a fault of the configuration",
  permissions: { read: false, write: true },
  fn: async () => {
    const target = { path: "/nowhere/archive.prom" };
    await rejects(publishMetrics(CONTEXT, { target, families }), {
      name: "ConfigError",
      message: /^Cannot write metrics to \/nowhere\/archive\.prom: .*permission/,
    });
  },
});

Deno.test("publishMetrics publishes nothing without a target", async () => {
  await using publication = await publishMetrics(CONTEXT, { target: null, families });
  match(await publication.text(0, never), /^counted 7$/m);
});
