import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { ConfigError } from "../../lib/errors.ts";
import { migrate, migrations } from "../../lib/sqlite/migrations.ts";

const steps = [
  "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)",
  "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7",
  "UPDATE a SET x = x + 1",
];

function memory(body: (db: DatabaseSync) => void): void {
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

for (let done = 0; done <= steps.length; done++) {
  Deno.test(`migrate runs what is missing of a file at version ${done}, once`, () => {
    memory((db) => {
      migrate(db, "file", steps.slice(0, done));
      assert.equal(version(db), done);
      migrate(db, "file", steps);
      migrate(db, "file", steps);
      assert.equal(version(db), 3);
      assert.deepEqual({ ...db.prepare("SELECT * FROM a").get() }, { x: 2, y: 7 });
    });
  });
}

Deno.test("migrate refuses the file of a newer program and leaves it alone", () => {
  memory((db) => {
    migrate(db, "/x/cybexp.db", steps);
    assert.throws(() => migrate(db, "/x/cybexp.db", steps.slice(0, 2)), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /\/x\/cybexp\.db: it has version 3, .* Update the program/);
      return true;
    });
    assert.equal(version(db), 3);
  });
});

Deno.test("migrate undoes all steps if one fails", () => {
  memory((db) => {
    assert.throws(() => migrate(db, "file", [...steps, "CREATE TABLE b (x); nonsense"]));
    assert.deepEqual(tables(db), []);
    assert.equal(version(db), 0);
    migrate(db, "file", steps);
  });
});

Deno.test("migrations give a fresh file the schema", () => {
  memory((db) => {
    migrate(db, "file");
    assert.equal(version(db), migrations.length);
    const expected = [
      "collections",
      "entries",
      "files",
      "instances",
      "links",
      "organisations",
      "queries",
    ];
    const own = tables(db).filter((name) => name !== "sqlite_sequence");
    assert.deepEqual(own.toSorted(), expected);
  });
});

Deno.test("migrate keeps what a file of version 1 holds and adds queries", () => {
  memory((db) => {
    migrate(db, "file", migrations.slice(0, 1));
    db.exec("INSERT INTO collections (name, arrivals) VALUES ('cache_db.file_entries', 3)");
    db.exec(
      "INSERT INTO entries (collection, timestamp, typetag, upload, size) VALUES (1, 2, '', '', 0)",
    );
    migrate(db, "file");
    assert.equal(version(db), migrations.length);
    assert.equal(db.prepare("SELECT arrivals FROM collections").get()?.["arrivals"], 3);
    assert.equal(db.prepare("SELECT timestamp FROM entries").get()?.["timestamp"], 2);
    db.exec(
      "INSERT INTO queries (collection, hash, status, asked_at) VALUES (1, x'00', 'wait', 1)",
    );
  });
});
