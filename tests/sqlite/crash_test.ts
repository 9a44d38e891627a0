import { deepEqual, equal, ok } from "../assert.ts";
import { fileURLToPath } from "node:url";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { temporaryFile } from "./temporary_file.ts";

const worker = fileURLToPath(new URL("crash_worker.ts", import.meta.url));

/** Starts a process that works on the lake in a file; `lease` is in seconds. */
function startWorker(path: string, owner: string, lease: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--quiet", "-RW", worker, path, owner, `${lease}`],
    stdout: "piped",
  }).spawn();
}

/** Kills the worker amid its work, after so many claims. Returns whether the signal ended it. */
async function killAfter(process: Deno.ChildProcess, claims: number): Promise<boolean> {
  let left = claims;
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
    // Every name comes twice: both entries must finish, with one Raw.
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
      const outcomes = entries.map(({ name, refs }) => ({ name, refs }));
      deepEqual(outcomes.toReversed(), names.map((name) => ({ name, refs: [name] })));
      deepEqual({ ...await store.count() }, { raw: count / 2 });
    } finally {
      await sqlite.close();
      await remove();
    }
  });
}

test(
  "three processes share a lake, and each entry is settled by one of them",
  600,
  async (path) => {
    const outputs = await Promise.all(
      ["a", "b", "c"].map((owner) => startWorker(path, owner, 60).output()),
    );
    const settled = outputs.flatMap(({ stdout }) => {
      const last = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1);
      return JSON.parse(last ?? "") as string[];
    });
    equal(settled.length, 600);
    equal(new Set(settled).size, 600);
  },
);

test("workers killed at any moment lose nothing and store nothing twice", 400, async (path) => {
  let kills = 0;
  async function startAndKill(name: string): Promise<void> {
    for (let i = 1; i <= 5; i++) {
      if (await killAfter(startWorker(path, `${name}${i}`, 1), i)) kills++;
    }
  }
  await Promise.all([startAndKill("a"), startAndKill("b")]);
  ok(kills >= 5, String(kills));
  const { success } = await startWorker(path, "last", 1).output();
  ok(success);
});
