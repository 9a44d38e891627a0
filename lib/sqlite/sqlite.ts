import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { Changes } from "./changes.ts";
import { BUSY, faultCode, isSqliteError, unavailable } from "./unavailable.ts";

/** Milliseconds for which jobs try to get a file that other processes write. */
const PATIENCE = 5000;

/** Gives the prepared statement for a text, each prepared once. */
export type Prepare = (sql: string) => StatementSync;

/** What runs jobs: each alone, without a wait inside it. */
export interface Jobs {
  /** Runs a job that only reads. */
  read<T>(job: (prepare: Prepare) => T): Promise<T>;
  /** Runs a job whose writes happen all, or none of them if it throws. */
  write<T>(job: (prepare: Prepare) => T): Promise<T>;
  /**
   * Runs a long job as `write` does. Whenever it yields, timers and I/O have their turn, but no
   * other job has.
   */
  writeInSteps(job: (prepare: Prepare) => Iterable<unknown>): Promise<void>;
  /**
   * Runs `work`, which may wait, as one step: all that its jobs write happens, or nothing if it
   * throws. Jobs outside wait for its end, so `work` must not wait for one of them.
   */
  transaction<T>(work: (inside: Jobs) => Promise<T>): Promise<T>;
}

/**
 * The process's one connection to a database file. Jobs follow one another, so that no statement
 * gets into a transaction of others. All throw StoreUnavailable when the disk is full, the file
 * cannot be read or written, or other processes hold it for over five seconds.
 */
export class Sqlite implements Jobs {
  /** Writes to the file, this connection's included. */
  readonly changes: Changes;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #last: Promise<unknown> = Promise.resolve();
  /** When we last had the file to write, in milliseconds, on the clock of `performance`. */
  #had = -Infinity;
  #closing = false;

  /** `path` is absolute; a database in memory has none. */
  constructor(db: DatabaseSync, path?: string) {
    this.#db = db;
    this.changes = new Changes(path);
  }

  read<T>(job: (prepare: Prepare) => T): Promise<T> {
    return this.#next((asked) => this.#patiently(asked, () => job(this.#prepare)));
  }

  write<T>(job: (prepare: Prepare) => T): Promise<T> {
    return this.#next((asked) => this.#whole(asked, () => job(this.#prepare)));
  }

  writeInSteps(job: (prepare: Prepare) => Iterable<unknown>): Promise<void> {
    return this.#next((asked) =>
      this.#whole(asked, async () => {
        for (const _ of job(this.#prepare)) await turn();
      })
    );
  }

  transaction<T>(work: (inside: Jobs) => Promise<T>): Promise<T> {
    return this.#next((asked) =>
      this.#whole(asked, async () => {
        const inside = new Transaction(this.#prepare);
        const result = await work(inside).finally(() => inside.end());
        inside.assertWhole();
        return result;
      })
    );
  }

  /** Closes the file once the jobs before are done; those wait no more for other processes. */
  close(): Promise<void> {
    this.#closing = true;
    return this.#next(() => {
      this.changes.close();
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

  #next<T>(job: (asked: number) => T | Promise<T>): Promise<T> {
    const asked = performance.now();
    const done = this.#last.then(() => job(asked)).catch((error) => {
      throw unavailable(error);
    });
    this.#last = done.catch(() => {});
    return done;
  }

  /**
   * Tries again while other processes hold the file, without blocking this one. Jobs that wait for
   * one another lose patience together: else each would take its time, and the last one all of it.
   */
  async #patiently<T>(asked: number, step: () => T): Promise<T> {
    while (true) {
      try {
        return step();
      } catch (error) {
        const end = Math.max(asked, this.#had) + PATIENCE;
        if (faultCode(error) !== BUSY || this.#closing || performance.now() > end) throw error;
        await sleep(5 + 10 * Math.random());
      }
    }
  }

  async #whole<T>(asked: number, job: () => T | Promise<T>): Promise<T> {
    // IMMEDIATE: a transaction that turned from reading to writing could fail halfway.
    await this.#patiently(asked, () => this.#prepare("BEGIN IMMEDIATE").run());
    try {
      const result = await job();
      this.#prepare("COMMIT").run();
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#had = performance.now();
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
 * Jobs inside a transaction; savepoints make each of them all or nothing, too. After a fault that
 * cannot be undone alone the whole transaction fails, even if `work` caught the error.
 */
class Transaction implements Jobs {
  readonly #prepare: Prepare;
  #ended = false;
  #fault: unknown;

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  // deno-lint-ignore require-await -- what the job throws must reject
  async read<T>(job: (prepare: Prepare) => T): Promise<T> {
    this.#assertOpen();
    return job(this.#prepare);
  }

  // deno-lint-ignore require-await -- what the job throws must reject
  async write<T>(job: (prepare: Prepare) => T): Promise<T> {
    this.#assertOpen();
    this.#prepare("SAVEPOINT job").run();
    try {
      const result = job(this.#prepare);
      this.#prepare("RELEASE job").run();
      return result;
    } catch (error) {
      // A full disk or an I/O error may have ended the transaction and its savepoints.
      if (isSqliteError(error)) throw this.#fail(error);
      this.#prepare("ROLLBACK TO job").run();
      this.#prepare("RELEASE job").run();
      throw error;
    }
  }

  /** The job's steps follow one another at once: others may use the transaction meanwhile. */
  writeInSteps(job: (prepare: Prepare) => Iterable<unknown>): Promise<void> {
    return this.write((prepare) => {
      for (const _ of job(prepare));
    });
  }

  async transaction<T>(work: (inside: Jobs) => Promise<T>): Promise<T> {
    try {
      return await work(this);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  end(): void {
    this.#ended = true;
  }

  assertWhole(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  #fail(error: unknown): unknown {
    this.#fault ??= error;
    return error;
  }

  #assertOpen(): void {
    this.assertWhole();
    if (this.#ended) throw new TypeError("Cannot use a transaction after its end");
  }
}
