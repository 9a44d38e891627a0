import { deepEqual, equal, ok, rejects } from "../assert.ts";
import { DatabaseSync } from "node:sqlite";
import { StoreUnavailable } from "../../lib/errors.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { type Connection, type Prepare, Sqlite } from "../../lib/sqlite/sqlite.ts";
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

async function names(connection: Connection): Promise<unknown[]> {
  const rows = await connection.read((prepare) => prepare("SELECT name FROM collections").all());
  return rows.map((row) => row["name"]);
}

class Stopped extends Error {}

function stop(): never {
  throw new Stopped();
}

test("write undoes a task that throws", async (sqlite) => {
  await rejects(
    sqlite.write((prepare) => {
      add("a")(prepare);
      stop();
    }),
    Stopped,
  );
  await sqlite.write(add("b"));
  deepEqual(await names(sqlite), ["b"]);
});

test("write undoes a task that breaks a constraint of the schema", async (sqlite) => {
  await rejects(
    sqlite.write((prepare) => {
      add("a")(prepare);
      add("a")(prepare);
    }),
    /UNIQUE/,
  );
  deepEqual(await names(sqlite), []);
});

test("writeInSteps undoes all steps if one throws", async (sqlite) => {
  await rejects(
    sqlite.writeInSteps(function* (prepare) {
      yield add("a")(prepare);
      stop();
    }),
    Stopped,
  );
  await sqlite.write(add("b"));
  deepEqual(await names(sqlite), ["b"]);
});

test("writeInSteps gives timers a turn between steps, but no other task", async (sqlite) => {
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
  deepEqual(await seen, ["a", "b"]);
});

test("transaction runs all steps of a task inside it, or none", async (sqlite) => {
  await sqlite.transaction(async (inside) => {
    await inside.writeInSteps(function* (prepare) {
      yield add("a")(prepare);
      add("b")(prepare);
    });
    const failing = inside.writeInSteps(function* (prepare) {
      yield add("c")(prepare);
      stop();
    });
    await rejects(failing, Stopped);
  });
  deepEqual(await names(sqlite), ["a", "b"]);
});

test("transaction undoes only the task that throws, if work catches the error", async (sqlite) => {
  await sqlite.transaction(async (inside) => {
    await inside.write(add("a"));
    const failing = inside.write((prepare) => {
      add("b")(prepare);
      stop();
    });
    await rejects(failing, Stopped);
    await inside.write(add("c"));
  });
  deepEqual(await names(sqlite), ["a", "c"]);
});

test("transaction fails after an error of SQLite inside it", async (sqlite) => {
  const work = sqlite.transaction(async (inside) => {
    await inside.write(add("a"));
    await inside.write(add("a")).catch(() => {});
  });
  await rejects(work, /UNIQUE/);
  deepEqual(await names(sqlite), []);
});

test("transaction fails if a transaction inside it failed, even if work catches that", async (sqlite) => {
  const work = sqlite.transaction(async (outer) => {
    await outer.transaction(async (inner) => {
      await inner.write(add("a"));
      stop();
    }).catch(() => {});
  });
  await rejects(work, Stopped);
  deepEqual(await names(sqlite), []);
});

test("transaction refuses tasks after its end", async (sqlite) => {
  let ended: Connection | undefined;
  await sqlite.transaction((inside) => {
    ended = inside;
    return Promise.resolve();
  });
  await rejects(ended!.write(add("late")), TypeError);
  await rejects(ended!.read(() => 0), TypeError);
  deepEqual(await names(sqlite), []);
});

test("Sqlite runs tasks in the order of the calls", async (sqlite) => {
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
  deepEqual(order, [1, 2, 3, 4]);
});

test("read sees the file as it is at one moment", async (sqlite, path) => {
  const other = new DatabaseSync(path);
  const count = "SELECT count(*) AS count FROM collections";
  const counts = await sqlite.read((prepare) => {
    const before = prepare(count).get()?.["count"];
    other.exec("INSERT INTO collections (name) VALUES ('a')");
    return [before, prepare(count).get()?.["count"]];
  });
  other.close();
  deepEqual(counts, [0, 0]);
  deepEqual(await names(sqlite), ["a"]);
});

test("write waits for another connection without blocking the process", async (sqlite, path) => {
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const writing = sqlite.write(add("a"));
  await new Promise((resolve) => setTimeout(resolve, 300));
  other.exec("COMMIT");
  await writing;
  other.close();
  deepEqual(await names(sqlite), ["a"]);
});

test(
  "write throws StoreUnavailable if another connection holds the file too long",
  async (sqlite, path) => {
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await rejects(sqlite.write(add("a")), (error) => {
      ok(error instanceof StoreUnavailable);
      equal(error.message, "Cannot use the database: another process holds it");
      ok(error.cause instanceof Error);
      return true;
    });
    other.exec("ROLLBACK");
    other.close();
    await sqlite.write(add("b"));
    deepEqual(await names(sqlite), ["b"]);
  },
);

test(
  "write fails at the same time for all calls that wait for another connection",
  async (sqlite, path) => {
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const ends: number[] = [];
    const writes = ["a", "b", "c"].map((name) =>
      rejects(sqlite.write(add(name)), StoreUnavailable).then(() => ends.push(Date.now()))
    );
    await Promise.all(writes);
    other.close();
    ok(ends[2]! - ends[0]! < 1000, String(ends[2]! - ends[0]!));
  },
);

/** A connection that finds the disk full after so many more pages. */
function withPagesLeft(path: string, pages: number): Sqlite {
  const db = new DatabaseSync(path);
  const count = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
  db.exec(`PRAGMA max_page_count = ${count + pages}`);
  return new Sqlite(db);
}

function isDiskFull(error: unknown): boolean {
  ok(error instanceof StoreUnavailable);
  equal(error.message, "Cannot use the database: the disk is full");
  ok(error.cause instanceof Error);
  return true;
}

test(
  "Sqlite throws StoreUnavailable on a full disk and leaves nothing half-written",
  async (sqlite, path) => {
    const limited = withPagesLeft(path, 10);
    const many = (prepare: Prepare) => {
      for (let i = 0; i < 100; i++) add(`${i}`.padStart(10_000, "x"))(prepare);
    };
    await rejects(limited.write(many), isDiskFull);
    await rejects(limited.transaction((inside) => inside.write(many)), isDiskFull);
    const caught = limited.transaction(async (inside) => {
      await inside.write(many).catch(() => {});
      await inside.write(add("after")).catch(() => {});
    });
    await rejects(caught, isDiskFull);
    deepEqual(await names(sqlite), []);
    await limited.write(add("small"));
    deepEqual(await names(sqlite), ["small"]);
    await limited.close();
  },
);
