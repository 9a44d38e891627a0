import { deepEqual, equal } from "../assert.ts";
import { join } from "node:path";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { commandOf } from "../program.ts";

type ProgramResult = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a function in a temporary folder, with sections of a configuration in `config.json`. */
async function within(
  sections: { readonly [section: string]: { readonly mongo_url: string } },
  work: (run: (...args: string[]) => Promise<ProgramResult>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-backup-" });
  try {
    await Deno.writeTextFile(join(folder, "config.json"), JSON.stringify(sections));
    await work((...args) => run(folder, args), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(folder: string, args: readonly string[]): Promise<ProgramResult> {
  const command = commandOf("archive", ["-A"]);
  const { code, stdout, stderr } = await new Deno.Command(command.path, {
    args: [...command.args, "--config", "config.json", ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trimEnd());
  return { code, out: out!, err: err! };
}

/** Builds sections of a configuration from the URLs of their databases. */
function sectionsOf(urls: { readonly [section: string]: string }) {
  return Object.fromEntries(
    Object.entries(urls).map(([section, mongo_url]) => [section, { mongo_url }]),
  );
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

const ONE = "sqlite:one.db";
const TWO = "sqlite:two.db";
const MONGO = "mongodb://name:password@127.0.0.1:1/";

Deno.test("archive backup copies the database to a file or into a folder", async () => {
  await within(
    sectionsOf({ cache: ONE, archive: ONE, identity: ONE, report: ONE }),
    async (run, folder) => {
      await openSqlite(join(folder, "one.db")).close();
      const { code, out } = await run("backup", "copy.db");
      const [database, copy] = [join(folder, "one.db"), join(folder, "copy.db")];
      equal(code, 0);
      const { size } = await Deno.stat(copy);
      equal(out, `Copied ${database} to ${copy}: ${Math.ceil(size / 1024)} KiB`);
      await Deno.mkdir(join(folder, "copies"));
      const shown = JSON.parse((await run("backup", "copies", "--json")).out);
      const { size: bytes } = await Deno.stat(copy);
      deepEqual(shown, [{ database, copy: join(folder, "copies/one.db"), bytes }]);
    },
  );
});

Deno.test("archive backup copies several databases into a folder, but not to a file", async () => {
  await within(
    sectionsOf({ cache: ONE, archive: TWO, identity: TWO, report: MONGO }),
    async (run, folder) => {
      await openSqlite(join(folder, "one.db")).close();
      await openSqlite(join(folder, "two.db")).close();
      const refused = await run("backup", "copy.db");
      equal(refused.code, 1);
      equal(
        refused.err,
        "error: Cannot back up 2 databases to one file: give an existing folder",
      );
      await Deno.mkdir(join(folder, "copies"));
      const { code, out, err } = await run("backup", "copies");
      equal(code, 0);
      // The lake's copy comes first: what it says is archived must be in the other copy.
      deepEqual(out.split("\n").map((line) => line.split(" ")[1]), [
        join(folder, "one.db"),
        join(folder, "two.db"),
      ]);
      equal(
        err,
        "warning: Copying only what is in SQLite; back up MongoDB with mongodump or a snapshot of " +
          "its disk",
      );
      deepEqual(filesIn(join(folder, "copies")), ["one.db", "two.db"]);
    },
  );
});

Deno.test("archive backup says how to back up MongoDB, and does not connect to it", async () => {
  await within(
    sectionsOf({ cache: MONGO, archive: MONGO, identity: MONGO, report: MONGO }),
    async (run, folder) => {
      const { code, err } = await run("backup", "copy.db");
      equal(code, 1);
      equal(
        err,
        "error: Cannot back up: no database is in SQLite; back up MongoDB with mongodump or a " +
          "snapshot of its disk",
      );
      deepEqual(filesIn(folder), ["config.json"]);
    },
  );
});

Deno.test("archive backup does not create a missing database", async () => {
  await within(
    sectionsOf({ cache: ONE, archive: ONE, identity: ONE, report: ONE }),
    async (run, folder) => {
      const { code, err } = await run("backup", "copy.db");
      equal(code, 1);
      equal(err, `error: Cannot back up ${join(folder, "one.db")}: there is no such file`);
      deepEqual(filesIn(folder), ["config.json"]);
    },
  );
});

Deno.test("archive backup never replaces a file", async () => {
  await within(
    sectionsOf({ cache: ONE, archive: ONE, identity: ONE, report: ONE }),
    async (run, folder) => {
      await openSqlite(join(folder, "one.db")).close();
      await Deno.writeTextFile(join(folder, "copy.db"), "kept");
      const { code, err } = await run("backup", "copy.db");
      equal(code, 1);
      const copy = join(folder, "copy.db");
      equal(err, `error: Cannot back up to ${copy}: it exists, and backups replace nothing`);
      equal(await Deno.readTextFile(copy), "kept");
    },
  );
});
