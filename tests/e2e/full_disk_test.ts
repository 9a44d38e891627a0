import { deepEqual, equal, ok } from "../assert.ts";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { LONG } from "./long.ts";

const ENTRIES = LONG ? 1000 : 150;
/** Characters of an upload. */
const UPLOAD = 60_000;
/** Bytes of the disk: each upload is in the lake and in a Raw, and passes through the write-ahead log. */
const DISK = 4 * ENTRIES * UPLOAD + 8_000_000;
const never = new AbortController().signal;

Deno.test("archive run on SQLite waits while the disk is full, corrupts nothing, and continues", async () => {
  const disk = await mountDisk();
  if (disk === undefined) {
    console.log("Full disk skipped: mounting a tmpfs needs root. See tests/sqlite/sqlite_test.ts");
    return;
  }
  try {
    const installation = await install({ within: disk, archive: { lease: 2, batch: 16 } });
    try {
      await checkFullDisk(installation, join(disk, "ballast"));
    } finally {
      await installation.close();
    }
  } finally {
    await succeeds("umount", disk);
    await Deno.remove(disk);
  }
});

async function checkFullDisk(installation: Installation, ballast: string): Promise<void> {
  const { stores, upload, start, run } = installation;
  // Submit a few at a time to keep the write-ahead log smaller than it will be later.
  for (let number = 0; number < ENTRIES; number += 10) {
    const texts = Array.from({ length: 10 }, (_, i) => `"${`${number + i} `.padEnd(UPLOAD)}"`);
    await stores.lake.submit(await Promise.all(texts.map((text) => upload(text))));
  }
  await fillDisk(ballast);
  const program = start("run");
  await untilLogged(program, "the disk is full");
  await sleep(LONG ? 30_000 : 2000, never);
  const stored = await countArchived(installation);
  ok(stored < ENTRIES, String(stored));
  equal(checkIntegrity(installation), "ok");
  await Deno.remove(ballast);
  const deadline = Date.now() + 40_000;
  while (await countArchived(installation) < ENTRIES && Date.now() < deadline) {
    await sleep(100, never);
  }
  equal(await stop(program), 0);
  const { counts, leases } = await stores.lake.status(nowSeconds());
  equal(counts.SUCCESS, ENTRIES);
  deepEqual(leases, []);
  equal((await stores.archive.count())["raw"], ENTRIES);
  equal(checkIntegrity(installation), "ok");
  equal((await run("verify")).code, 0);
}

async function countArchived({ stores }: Installation): Promise<number> {
  return (await stores.lake.status(0)).counts.SUCCESS;
}

function checkIntegrity({ folder }: Installation): unknown {
  const db = new DatabaseSync(join(folder, "cybexp.db"));
  try {
    return db.prepare("PRAGMA integrity_check").get()!["integrity_check"];
  } finally {
    db.close();
  }
}

async function fillDisk(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const block = new Uint8Array(4096);
  try {
    while (true) await file.write(block);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("No space left"))) throw error;
  }
}

/** A small disk in memory; undefined if it cannot be mounted. */
async function mountDisk(): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-disk-" });
  if (await succeeds("mount", "-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", folder)) return folder;
  await Deno.remove(folder);
  return undefined;
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  const options = { args, stdout: "null", stderr: "null" } as const;
  try {
    return (await new Deno.Command(command, options).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
