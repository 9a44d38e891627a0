import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { temporaryFile } from "./temporary_file.ts";

const worker = fileURLToPath(new URL("crash_worker.ts", import.meta.url));

/** Starts a process that works on the lake in the file. */
function start(path: string, owner: string, lease: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--quiet", "-RW", worker, path, owner, `${lease}`],
    stdout: "piped",
  }).spawn();
}

/** Lets the worker claim `batches` times, then kills it in the middle of its work. */
async function killAfter(process: Deno.ChildProcess, batches: number): Promise<boolean> {
  let left = batches;
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    left -= text.split("claimed").length - 1;
    if (left <= 0) {
      process.kill("SIGKILL");
      break;
    }
  }
  return (await process.status).signal === "SIGKILL";
}

function test(behaviour: string, count: number, body: (path: string) => Promise<void>): void {
  Deno.test(behaviour, async () => {
    const { path, remove } = await temporaryFile();
    const sqlite = openSqlite(path);
    const lake = new SqliteLake(sqlite, { db: "cache_db", coll: "file_entries" });
    const store = new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" });
    // Every name is there twice: both entries must end, in one Raw.
    const names = Array.from({ length: count }, (_, i) => `${i >> 1}`.padStart(64, "0"));
    await lake.submit(names.map((name) => ({
      name,
      orgid: "o",
      timezone: "UTC",
      typetag: "x",
      timestamp: 1,
      bytes: new Uint8Array(100),
    })));
    try {
      await body(path);
      const entries = await lake.list({ states: ["SUCCESS"] }, count + 1);
      const ends = entries.map(({ name, refs }) => ({ name, refs }));
      assert.deepEqual(ends.toReversed(), names.map((name) => ({ name, refs: [name] })));
      assert.deepEqual({ ...await store.count() }, { raw: count / 2 });
    } finally {
      await sqlite.close();
      await remove();
    }
  });
}

test("three processes share a lake, each entry is one's alone", 600, async (path) => {
  const outputs = await Promise.all(
    ["a", "b", "c"].map((owner) => start(path, owner, 60).output()),
  );
  const settled = outputs.flatMap(({ stdout }) => {
    const last = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1);
    return JSON.parse(last ?? "") as string[];
  });
  assert.equal(settled.length, 600);
  assert.equal(new Set(settled).size, 600);
});

test("workers killed at any moment lose nothing and store nothing twice", 400, async (path) => {
  let kills = 0;
  async function slot(name: string): Promise<void> {
    for (let i = 1; i <= 5; i++) {
      if (await killAfter(start(path, `${name}${i}`, 1), i)) kills++;
    }
  }
  await Promise.all([slot("a"), slot("b")]);
  assert.ok(kills >= 5, `${kills} kills`);
  const { success } = await start(path, "last", 1).output();
  assert.ok(success);
});
