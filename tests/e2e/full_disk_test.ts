import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { long } from "./long.ts";

const ENTRIES = long ? 1000 : 150;
const UPLOAD = 60_000;
/** Bytes of the disk: the uploads are in the lake, will be Raws, and go through a log of writes. */
const DISK = 4 * ENTRIES * UPLOAD + 8_000_000;
const never = new AbortController().signal;

Deno.test("archive run on SQLite waits while the disk is full, corrupts nothing and goes on", async () => {
  const disk = await mountDisk();
  if (disk === undefined) {
    console.log("Full disk left out: mounting a tmpfs needs root. See tests/sqlite/sqlite_test.ts");
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
  // A few at a time: the log of writes stays smaller than what will go through it.
  for (let number = 0; number < ENTRIES; number += 10) {
    const texts = Array.from({ length: 10 }, (_, i) => `"${`${number + i} `.padEnd(UPLOAD)}"`);
    await stores.lake.submit(await Promise.all(texts.map((text) => upload(text))));
  }
  await takeAllRoom(ballast);
  const program = start("run");
  await untilLogged(program, "the disk is full");
  await sleep(long ? 30_000 : 2000, never);
  equal(await archived(installation) < ENTRIES, true);
  equal(integrityOf(installation), "ok");
  await Deno.remove(ballast);
  const deadline = Date.now() + 40_000;
  while (await archived(installation) < ENTRIES && Date.now() < deadline) await sleep(100, never);
  equal(await stop(program), 0);
  const { counts, leases } = await stores.lake.status(nowSeconds());
  equal(counts.SUCCESS, ENTRIES);
  deepEqual(leases, []);
  equal((await stores.archive.count())["raw"], ENTRIES);
  equal(integrityOf(installation), "ok");
  equal((await run("verify")).code, 0);
}

async function archived({ stores }: Installation): Promise<number> {
  return (await stores.lake.status(0)).counts.SUCCESS;
}

function integrityOf({ folder }: Installation): unknown {
  const db = new DatabaseSync(join(folder, "cybexp.db"));
  try {
    return db.prepare("PRAGMA integrity_check").get()!["integrity_check"];
  } finally {
    db.close();
  }
}

async function takeAllRoom(path: string): Promise<void> {
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
