import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { StoreUnavailable } from "../../lib/errors.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { type Jobs, type Prepare, Sqlite } from "../../lib/sqlite/sqlite.ts";
import { temporaryFile } from "./temporary_file.ts";

function test(behaviour: string, body: (sqlite: Sqlite, path: string) => Promise<void>): void {
  Deno.test(behaviour, async () => {
    const { path, remove } = await temporaryFile();
    const sqlite = openSqlite(path);
    try {
      await body(sqlite, path);
    } finally {
      await sqlite.close();
      await remove();
    }
  });
}

function add(name: string) {
  return (prepare: Prepare) => prepare("INSERT INTO collections (name) VALUES (?)").run(name);
}

async function names(jobs: Jobs): Promise<unknown[]> {
  const rows = await jobs.read((prepare) => prepare("SELECT name FROM collections").all());
  return rows.map((row) => row["name"]);
}

class Stopped extends Error {}

function stop(): never {
  throw new Stopped();
}

test("write undoes a job that throws", async (sqlite) => {
  await assert.rejects(
    sqlite.write((prepare) => {
      add("a")(prepare);
      stop();
    }),
    Stopped,
  );
  await sqlite.write(add("b"));
  assert.deepEqual(await names(sqlite), ["b"]);
});

test("write undoes a job that breaks a rule of the schema", async (sqlite) => {
  await assert.rejects(
    sqlite.write((prepare) => {
      add("a")(prepare);
      add("a")(prepare);
    }),
    /UNIQUE/,
  );
  assert.deepEqual(await names(sqlite), []);
});

test("writeInSteps undoes all steps if one throws", async (sqlite) => {
  await assert.rejects(
    sqlite.writeInSteps(function* (prepare) {
      yield add("a")(prepare);
      stop();
    }),
    Stopped,
  );
  await sqlite.write(add("b"));
  assert.deepEqual(await names(sqlite), ["b"]);
});

test("writeInSteps gives timers a turn between steps, other jobs none", async (sqlite) => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const steps = sqlite.writeInSteps(function* (prepare) {
    yield add("a")(prepare);
    while (turns < 3) yield;
    add("b")(prepare);
  });
  const seen = names(sqlite);
  await steps;
  clearInterval(timer);
  assert.deepEqual(await seen, ["a", "b"]);
});

test("transaction runs all steps of a job inside it, or none", async (sqlite) => {
  await sqlite.transaction(async (inside) => {
    await inside.writeInSteps(function* (prepare) {
      yield add("a")(prepare);
      add("b")(prepare);
    });
    const failing = inside.writeInSteps(function* (prepare) {
      yield add("c")(prepare);
      stop();
    });
    await assert.rejects(failing, Stopped);
  });
  assert.deepEqual(await names(sqlite), ["a", "b"]);
});

test("transaction undoes the job that throws alone, if that is caught", async (sqlite) => {
  await sqlite.transaction(async (inside) => {
    await inside.write(add("a"));
    const failing = inside.write((prepare) => {
      add("b")(prepare);
      stop();
    });
    await assert.rejects(failing, Stopped);
    await inside.write(add("c"));
  });
  assert.deepEqual(await names(sqlite), ["a", "c"]);
});

test("transaction fails after a fault of the database inside it", async (sqlite) => {
  const work = sqlite.transaction(async (inside) => {
    await inside.write(add("a"));
    await inside.write(add("a")).catch(() => {});
  });
  await assert.rejects(work, /UNIQUE/);
  assert.deepEqual(await names(sqlite), []);
});

test("transaction fails if one inside it failed, caught or not", async (sqlite) => {
  const work = sqlite.transaction(async (outer) => {
    await outer.transaction(async (inner) => {
      await inner.write(add("a"));
      stop();
    }).catch(() => {});
  });
  await assert.rejects(work, Stopped);
  assert.deepEqual(await names(sqlite), []);
});

test("transaction refuses jobs after its end", async (sqlite) => {
  let kept: Jobs | undefined;
  await sqlite.transaction((inside) => {
    kept = inside;
    return Promise.resolve();
  });
  await assert.rejects(kept!.write(add("late")), TypeError);
  await assert.rejects(kept!.read(() => 0), TypeError);
  assert.deepEqual(await names(sqlite), []);
});

test("jobs run in the order they were given", async (sqlite) => {
  const order: number[] = [];
  const note = (i: number) => () => void order.push(i);
  await Promise.all([
    sqlite.transaction(async (inside) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await inside.read(note(1));
    }),
    sqlite.write(note(2)),
    sqlite.read(note(3)),
    sqlite.write(note(4)),
  ]);
  assert.deepEqual(order, [1, 2, 3, 4]);
});

test("write waits for another connection, and the process goes on", async (sqlite, path) => {
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const writing = sqlite.write(add("a"));
  await new Promise((resolve) => setTimeout(resolve, 300));
  other.exec("COMMIT");
  await writing;
  other.close();
  assert.deepEqual(await names(sqlite), ["a"]);
});

test("write throws StoreUnavailable if another connection does not end", async (sqlite, path) => {
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(sqlite.write(add("a")), (error) => {
    assert.ok(error instanceof StoreUnavailable);
    assert.equal(error.message, "Cannot use the database: another process holds it");
    assert.ok(error.cause instanceof Error);
    return true;
  });
  other.exec("ROLLBACK");
  other.close();
  await sqlite.write(add("b"));
  assert.deepEqual(await names(sqlite), ["b"]);
});

test("writes that wait for another connection give up together", async (sqlite, path) => {
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const ends: number[] = [];
  const writes = ["a", "b", "c"].map((name) =>
    assert.rejects(sqlite.write(add(name)), StoreUnavailable).then(() => ends.push(Date.now()))
  );
  await Promise.all(writes);
  other.close();
  assert.ok(ends[2]! - ends[0]! < 1000, `${ends[2]! - ends[0]!} ms`);
});

/** A connection on which the disk is full when the file has so many pages more. */
function withPagesLeft(path: string, pages: number): Sqlite {
  const db = new DatabaseSync(path);
  const count = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
  db.exec(`PRAGMA max_page_count = ${count + pages}`);
  return new Sqlite(db);
}

function full(error: unknown): boolean {
  assert.ok(error instanceof StoreUnavailable);
  assert.equal(error.message, "Cannot use the database: the disk is full");
  assert.ok(error.cause instanceof Error);
  return true;
}

test("a full disk is StoreUnavailable and leaves nothing half-written", async (sqlite, path) => {
  const limited = withPagesLeft(path, 10);
  const many = (prepare: Prepare) => {
    for (let i = 0; i < 100; i++) add(`${i}`.padStart(10_000, "x"))(prepare);
  };
  await assert.rejects(limited.write(many), full);
  await assert.rejects(limited.transaction((inside) => inside.write(many)), full);
  const caught = limited.transaction(async (inside) => {
    await inside.write(many).catch(() => {});
    await inside.write(add("after")).catch(() => {});
  });
  await assert.rejects(caught, full);
  assert.deepEqual(await names(sqlite), []);
  await limited.write(add("small"));
  assert.deepEqual(await names(sqlite), ["small"]);
  await limited.close();
});
