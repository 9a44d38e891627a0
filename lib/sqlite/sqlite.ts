import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { BUSY, faultCode, isSqliteError, toStoreError } from "./store_errors.ts";
import { WriteWatcher } from "./write_watcher.ts";

/** Milliseconds for which tasks try to get a file that other processes are writing to. */
const PATIENCE = 5000;

/** Returns the prepared statement for SQL; prepares each statement once. */
export type Prepare = (sql: string) => StatementSync;

/** A row as statements return it: values by column. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs tasks on a database, one after another. A task is synchronous: it waits for nothing. */
export interface Connection {
  /** Runs a task that only reads, and sees nothing of what others write meanwhile. */
  read<T>(task: (prepare: Prepare) => T): Promise<T>;
  /** Runs a task whose writes all happen, or none of them if it throws. */
  write<T>(task: (prepare: Prepare) => T): Promise<T>;
  /**
   * Runs a long task as `write` does. Whenever it yields, timers and I/O get their turn, but no
   * other task runs.
   */
  writeInSteps(task: (prepare: Prepare) => Iterable<unknown>): Promise<void>;
  /**
   * Runs asynchronous `work` as one step: everything that its tasks write happens, or nothing if it
   * throws. Tasks outside run only after its end, so `work` must not wait for one of them.
   */
  transaction<T>(work: (inside: Connection) => Promise<T>): Promise<T>;
}

/**
 * The process's only connection to a database file. Tasks run one after another, so that no
 * statement gets into another's transaction.
 *
 * @throws {StoreUnavailable} STORE_UNAVAILABLE when the disk is full, the file cannot be read or
 * written, or other processes hold it for over five seconds.
 */
export class Sqlite implements Connection {
  /** Notices writes to the file, including those of this connection. */
  readonly watcher: WriteWatcher;
  /** Whether the file is where nothing can be written. */
  readonly readOnly: boolean;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #lastTask: Promise<unknown> = Promise.resolve();
  /** When a task last held the file to write, in milliseconds on the clock of `performance`. */
  #lastHeld = -Infinity;
  #closing = false;

  /** `path` is absolute; a database in memory has none. */
  constructor(db: DatabaseSync, path?: string, { readOnly = false } = {}) {
    this.#db = db;
    this.readOnly = readOnly;
    this.watcher = new WriteWatcher(path);
  }

  read<T>(task: (prepare: Prepare) => T): Promise<T> {
    return this.#enqueue((since) => this.#retryWhileBusy(since, () => this.#atOneMoment(task)));
  }

  write<T>(task: (prepare: Prepare) => T): Promise<T> {
    return this.#enqueue((since) => this.#inTransaction(since, () => task(this.#prepare)));
  }

  writeInSteps(task: (prepare: Prepare) => Iterable<unknown>): Promise<void> {
    return this.#enqueue((since) =>
      this.#inTransaction(since, async () => {
        for (const _ of task(this.#prepare)) await turn();
      })
    );
  }

  transaction<T>(work: (inside: Connection) => Promise<T>): Promise<T> {
    return this.#enqueue((since) =>
      this.#inTransaction(since, async () => {
        const inside = new Transaction(this.#prepare);
        const result = await work(inside).finally(() => inside.end());
        inside.assertSound();
        return result;
      })
    );
  }

  /** Closes the file after the tasks before, which no longer wait for other processes. */
  close(): Promise<void> {
    this.#closing = true;
    return this.#enqueue(() => {
      this.watcher.close();
      this.#statements.clear();
      this.#db.close();
    });
  }

  #prepare: Prepare = (sql) => {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  };

  /** Runs a task after those before it; tells it since when it has waited. */
  #enqueue<T>(task: (since: number) => T | Promise<T>): Promise<T> {
    const since = performance.now();
    const result = this.#lastTask.then(() => task(since)).catch((error) => {
      throw toStoreError(error);
    });
    this.#lastTask = result.catch(() => {});
    return result;
  }

  /**
   * Tries a step again while other processes hold the file, without blocking this process. Waiting
   * tasks run out of patience together: otherwise each would start its five seconds only after the
   * one before it, and the last would wait for the sum of all.
   */
  async #retryWhileBusy<T>(since: number, step: () => T): Promise<T> {
    while (true) {
      try {
        return step();
      } catch (error) {
        const end = Math.max(since, this.#lastHeld) + PATIENCE;
        if (faultCode(error) !== BUSY || this.#closing || performance.now() > end) throw error;
        await sleep(5 + 10 * Math.random());
      }
    }
  }

  /** Runs a task whose statements all see the file as it is at the first of them. */
  #atOneMoment<T>(task: (prepare: Prepare) => T): T {
    this.#prepare("BEGIN").run();
    try {
      return task(this.#prepare);
    } finally {
      this.#rollBack();
    }
  }

  async #inTransaction<T>(since: number, task: () => T | Promise<T>): Promise<T> {
    // IMMEDIATE: a transaction that first reads and then writes could fail halfway.
    await this.#retryWhileBusy(since, () => this.#prepare("BEGIN IMMEDIATE").run());
    try {
      const result = await task();
      this.#prepare("COMMIT").run();
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#lastHeld = performance.now();
    }
  }

  #rollBack(): void {
    try {
      this.#prepare("ROLLBACK").run();
    } catch (error) {
      // After a full disk or an I/O error SQLite may have rolled back by itself.
      if (!/no transaction is active/.test(String(error))) throw error;
    }
  }
}

/**
 * The inside of a transaction, where savepoints make each task all or nothing, too. After a fault
 * that cannot be undone alone the whole transaction fails, even if `work` caught the error.
 */
class Transaction implements Connection {
  readonly #prepare: Prepare;
  #ended = false;
  #fault: unknown;

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  // deno-lint-ignore require-await -- what the task throws must reject
  async read<T>(task: (prepare: Prepare) => T): Promise<T> {
    this.#assertUsable();
    return task(this.#prepare);
  }

  // deno-lint-ignore require-await -- what the task throws must reject
  async write<T>(task: (prepare: Prepare) => T): Promise<T> {
    this.#assertUsable();
    this.#prepare("SAVEPOINT task").run();
    try {
      const result = task(this.#prepare);
      this.#prepare("RELEASE task").run();
      return result;
    } catch (error) {
      // A full disk or an I/O error may have ended the transaction and its savepoints.
      if (isSqliteError(error)) throw this.#fail(error);
      this.#prepare("ROLLBACK TO task").run();
      this.#prepare("RELEASE task").run();
      throw error;
    }
  }

  /** Runs all steps at once: between two of them, other tasks could use the transaction. */
  writeInSteps(task: (prepare: Prepare) => Iterable<unknown>): Promise<void> {
    return this.write((prepare) => {
      for (const _ of task(prepare));
    });
  }

  async transaction<T>(work: (inside: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(this);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  end(): void {
    this.#ended = true;
  }

  /** Rethrows the fault that the transaction met, if any. */
  assertSound(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  #fail(error: unknown): unknown {
    this.#fault ??= error;
    return error;
  }

  #assertUsable(): void {
    this.assertSound();
    if (this.#ended) throw new TypeError("Cannot use a transaction after its end");
  }
}
