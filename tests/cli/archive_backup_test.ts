import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { commandOf } from "../program.ts";

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** Runs archive in a folder of its own, where `config.json` holds the sections. */
async function within(
  sections: { readonly [section: string]: { readonly mongo_url: string } },
  work: (run: (...args: string[]) => Promise<Ended>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-backup-" });
  try {
    await Deno.writeTextFile(join(folder, "config.json"), JSON.stringify(sections));
    await work((...args) => run(folder, args), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(folder: string, args: readonly string[]): Promise<Ended> {
  const command = commandOf("archive", ["-A"]);
  const { code, stdout, stderr } = await new Deno.Command(command.path, {
    args: [...command.args, "--config", "config.json", ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trimEnd());
  return { code, out: out!, err: err! };
}

/** A configuration whose sections lie in these places. */
function places(cache: string, archive: string, identity: string, report: string) {
  const urls = { cache, archive, identity, report };
  return Object.fromEntries(
    Object.entries(urls).map(([section, mongo_url]) => [section, { mongo_url }]),
  );
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

const one = "sqlite:one.db";
const two = "sqlite:two.db";
const mongo = "mongodb://name:password@127.0.0.1:1/";

Deno.test("archive backup copies the database to a name or into a folder", async () => {
  await within(places(one, one, one, one), async (run, folder) => {
    equal((await run("status")).code, 0);
    const { code, out } = await run("backup", "copy.db");
    const [database, copy] = [join(folder, "one.db"), join(folder, "copy.db")];
    equal(code, 0);
    equal(out, `Copied ${database} to ${copy}: 0.1 MiB`);
    await Deno.mkdir(join(folder, "copies"));
    const shown = JSON.parse((await run("backup", "copies", "--json")).out);
    const { size: bytes } = await Deno.stat(copy);
    deepEqual(shown, [{ database, copy: join(folder, "copies/one.db"), bytes }]);
  });
});

Deno.test("archive backup copies each database of the configuration into a folder, not to a name", async () => {
  await within(places(one, two, two, mongo), async (run, folder) => {
    equal((await run("status")).code, 0);
    equal((await run("verify")).code, 0);
    const refused = await run("backup", "copy.db");
    equal(refused.code, 1);
    equal(
      refused.err,
      "error: Cannot back up 2 databases to one file: give a folder that is there",
    );
    await Deno.mkdir(join(folder, "copies"));
    const { code, out, err } = await run("backup", "copies");
    equal(code, 0);
    // The lake's first: what it says is archived is in the other.
    deepEqual(out.split("\n").map((line) => line.split(" ")[1]), [
      join(folder, "one.db"),
      join(folder, "two.db"),
    ]);
    equal(
      err,
      "warning: Only what lies in SQLite is copied: MongoDB is backed up with mongodump or by a " +
        "snapshot of its disk",
    );
    deepEqual(filesIn(join(folder, "copies")), ["one.db", "two.db"]);
  });
});

Deno.test("archive backup says how MongoDB is backed up, and connects to none", async () => {
  await within(places(mongo, mongo, mongo, mongo), async (run, folder) => {
    const { code, err } = await run("backup", "copy.db");
    equal(code, 1);
    equal(
      err,
      "error: No SQLite database to back up: MongoDB is backed up with mongodump or by a snapshot " +
        "of its disk",
    );
    deepEqual(filesIn(folder), ["config.json"]);
  });
});

Deno.test("archive backup makes no database where there is none", async () => {
  await within(places(one, one, one, one), async (run, folder) => {
    const { code, err } = await run("backup", "copy.db");
    equal(code, 1);
    equal(err, `error: Cannot back up ${join(folder, "one.db")}: there is no such file`);
    deepEqual(filesIn(folder), ["config.json"]);
  });
});

Deno.test("archive backup replaces nothing", async () => {
  await within(places(one, one, one, one), async (run, folder) => {
    equal((await run("status")).code, 0);
    await Deno.writeTextFile(join(folder, "copy.db"), "kept");
    const { code, err } = await run("backup", "copy.db");
    equal(code, 1);
    const copy = join(folder, "copy.db");
    equal(err, `error: Cannot back up to ${copy}: it exists, and backups replace nothing`);
    equal(await Deno.readTextFile(copy), "kept");
  });
});
