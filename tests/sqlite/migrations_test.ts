import { deepEqual, equal, match, ok, throws } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { ConfigError } from "../../lib/errors.ts";
import { migrate, MIGRATIONS } from "../../lib/sqlite/migrations.ts";

const STEPS = [
  "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)",
  "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7",
  "UPDATE a SET x = x + 1",
];

function withMemory(body: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(":memory:");
  try {
    body(db);
  } finally {
    db.close();
  }
}

function version(db: DatabaseSync): unknown {
  return db.prepare("PRAGMA user_version").get()?.["user_version"];
}

function tables(db: DatabaseSync): unknown[] {
  const rows = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return rows.map((row) => row["name"]);
}

for (let done = 0; done <= STEPS.length; done++) {
  Deno.test(`migrate runs the missing steps of a file at version ${done}, once`, () => {
    withMemory((db) => {
      migrate(db, "file", { steps: STEPS.slice(0, done) });
      equal(version(db), done);
      migrate(db, "file", { steps: STEPS });
      migrate(db, "file", { steps: STEPS });
      equal(version(db), 3);
      deepEqual({ ...db.prepare("SELECT * FROM a").get() }, { x: 2, y: 7 });
    });
  });
}

Deno.test("migrate refuses a newer program's file and leaves it unchanged", () => {
  withMemory((db) => {
    migrate(db, "/x/cybexp.db", { steps: STEPS });
    throws(() => migrate(db, "/x/cybexp.db", { steps: STEPS.slice(0, 2) }), (error) => {
      ok(error instanceof ConfigError);
      match(error.message, /\/x\/cybexp\.db: it has version 3, .* Update the program/);
      return true;
    });
    equal(version(db), 3);
  });
});

Deno.test("migrate undoes all steps if one fails", () => {
  withMemory((db) => {
    throws(() => migrate(db, "file", { steps: [...STEPS, "CREATE TABLE b (x); nonsense"] }));
    deepEqual(tables(db), []);
    equal(version(db), 0);
    migrate(db, "file", { steps: STEPS });
  });
});

Deno.test("MIGRATIONS give a new file the schema", () => {
  withMemory((db) => {
    migrate(db, "file");
    equal(version(db), MIGRATIONS.length);
    const expected = [
      "additions",
      "collections",
      "entries",
      "files",
      "imports",
      "instances",
      "links",
      "organisations",
      "positions",
      "queries",
      "templates",
    ];
    const own = tables(db).filter((name) => name !== "sqlite_sequence");
    deepEqual(own.toSorted(), expected);
  });
});

Deno.test("migrate keeps the content of a file of version 1 and adds queries", () => {
  withMemory((db) => {
    migrate(db, "file", { steps: MIGRATIONS.slice(0, 1) });
    db.exec("INSERT INTO collections (name, arrivals) VALUES ('cache_db.file_entries', 3)");
    db.exec(
      "INSERT INTO entries (collection, timestamp, typetag, upload, size) VALUES (1, 2, '', '', 0)",
    );
    migrate(db, "file");
    equal(version(db), MIGRATIONS.length);
    equal(db.prepare("SELECT arrivals FROM collections").get()?.["arrivals"], 3);
    equal(db.prepare("SELECT timestamp FROM entries").get()?.["timestamp"], 2);
    db.exec(
      "INSERT INTO queries (collection, hash, status, asked_at) VALUES (1, x'00', 'wait', 1)",
    );
  });
});
