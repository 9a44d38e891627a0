import type { DatabaseSync } from "node:sqlite";
import { ConfigError } from "../errors.ts";
import { compact, type OnCopied } from "./compaction.ts";

/** A step: SQL, or a function for what SQL alone cannot do. */
export type Migration = string | ((db: DatabaseSync, onCopied: OnCopied) => void);

/**
 * The steps that make the schema. `PRAGMA user_version` says how many of them a file has gone
 * through. A step that was released never changes.
 *
 * Strings from outside are stored as JSON: node:sqlite reads a text only up to its first NUL.
 */
export const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE collections (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- Goes up when there is new work: workers look at it.
    arrivals INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection INTEGER NOT NULL REFERENCES collections,
    timestamp REAL NOT NULL,
    typetag TEXT NOT NULL,
    -- name, orgid, timezone, typetag and timestamp, as JSON.
    upload TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- Null until it is finished, then SUCCESS, NOT_SUPPORTED or ERROR.
    state TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Who claimed it; the lease ends at free_at. Null between attempts.
    owner TEXT,
    -- Not to be claimed before, in seconds since 1970.
    free_at REAL NOT NULL DEFAULT 0,
    -- Why the attempt with the number reason_attempt failed.
    reason TEXT,
    reason_attempt INTEGER,
    bad_data INTEGER NOT NULL DEFAULT 0,
    -- Hashes of the Raws made from it, as a JSON array.
    refs TEXT NOT NULL DEFAULT '[]'
  ) STRICT;
  CREATE INDEX entries_by_time ON entries (collection, timestamp, state);
  CREATE INDEX entries_open ON entries (collection, timestamp) WHERE state IS NULL;
  CREATE INDEX entries_free ON entries (collection, free_at) WHERE state IS NULL;

  CREATE TABLE files (
    entry INTEGER PRIMARY KEY REFERENCES entries,
    bytes BLOB NOT NULL
  ) STRICT;

  CREATE TABLE instances (
    id INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collections,
    hash BLOB NOT NULL,
    itype TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (collection, hash)
  ) STRICT;
  CREATE INDEX instances_by_itype ON instances (collection, itype);

  CREATE TABLE organisations (
    id INTEGER PRIMARY KEY,
    orgid TEXT NOT NULL UNIQUE
  ) STRICT;

  -- Who refers to whom. The key answers "which events of these organisations, in this time, hold
  -- this attribute" without a look at the documents. Only events have an organisation and a time;
  -- others have 0. A time that is not a number is -Infinity, before every bound.
  CREATE TABLE links (
    collection INTEGER NOT NULL,
    child BLOB NOT NULL,
    itype TEXT NOT NULL,
    organisation INTEGER NOT NULL,
    timestamp REAL NOT NULL,
    parent BLOB NOT NULL,
    -- Sum of 1 for _cref, 2 for _ref, 4 for _ben_ref, 8 for _mal_ref.
    sets INTEGER NOT NULL,
    category TEXT,
    PRIMARY KEY (collection, child, itype, organisation, timestamp DESC, parent)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What workers need of the queries in instances, which hold the status, too.
  CREATE TABLE queries (
    id INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collections,
    hash BLOB NOT NULL,
    -- wait, processing, ready or failed.
    status TEXT NOT NULL,
    asked_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Who claimed it; the lease ends at free_at. Null between attempts.
    owner TEXT,
    -- Not to be claimed before, in seconds since 1970.
    free_at REAL NOT NULL DEFAULT 0,
    -- Why the attempt with the number reason_attempt failed.
    reason TEXT,
    reason_attempt INTEGER,
    UNIQUE (collection, hash)
  ) STRICT;
  CREATE INDEX queries_open ON queries (collection, asked_at)
    WHERE status IN ('wait', 'processing');
  CREATE INDEX queries_free ON queries (collection, free_at)
    WHERE status IN ('wait', 'processing');
  `,
  `
  -- Of an entry in state SUCCESS: "rejected" if no event could be made of its Raw; reason says why.
  ALTER TABLE entries ADD COLUMN events TEXT;
  CREATE INDEX entries_rejected ON entries (collection) WHERE events = 'rejected';
  `,
  `
  -- How far growing files were read, as JSON; source is a hash.
  CREATE TABLE positions (
    collection INTEGER NOT NULL REFERENCES collections,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (collection, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX positions_by_source ON positions (collection, source);
  `,
  `
  -- Raws with a source that names a file: imports of which no event was made.
  CREATE TABLE imports (
    collection INTEGER NOT NULL REFERENCES collections,
    hash BLOB NOT NULL,
    PRIMARY KEY (collection, hash)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Goes up when an event or object is changed or removed: copies of the graph look at it. Triggers
  -- count for every program that writes to the file.
  ALTER TABLE collections ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
  CREATE TRIGGER instances_changed AFTER UPDATE ON instances
    WHEN old.itype IN ('event', 'object') OR new.itype IN ('event', 'object')
    BEGIN
      UPDATE collections SET changes = changes + 1 WHERE id IN (old.collection, new.collection);
    END;
  CREATE TRIGGER instances_removed AFTER DELETE ON instances
    WHEN old.itype IN ('event', 'object')
    BEGIN
      UPDATE collections SET changes = changes + 1 WHERE id = old.collection;
    END;
  `,
  compact,
  `
  -- When rows of instances were added: those with an id up to last_id, and above the one before, at time
  -- (microseconds since 1970) and each later one by a microsecond more.
  CREATE TABLE additions (
    collection INTEGER NOT NULL REFERENCES collections,
    last_id INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (collection, last_id)
  ) STRICT, WITHOUT ROWID;
  `,
];

export type MigrateOptions = {
  readonly steps?: readonly Migration[];
  /** Called time and again while documents are copied. */
  readonly onCopied?: OnCopied;
};

/**
 * Brings a file up to the newest schema in one transaction: a program that is killed amid it leaves
 * the file as it was.
 *
 * @throws {ConfigError} CONFIG when a newer program wrote the file.
 */
export function migrate(
  db: DatabaseSync,
  path: string,
  { steps = MIGRATIONS, onCopied = () => {} }: MigrateOptions = {},
): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > steps.length) throw tooNew(path, version, steps.length);
    for (const step of steps.slice(version)) {
      if (typeof step === "string") db.exec(step);
      else step(db, onCopied);
    }
    if (version < steps.length) db.exec(`PRAGMA user_version = ${steps.length}`);
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

function tooNew(path: string, found: number, known: number): ConfigError {
  return new ConfigError([
    `Cannot use database ${path}: it has version ${found}, but this program knows up to ` +
    `${known}. Update the program`,
  ]);
}
