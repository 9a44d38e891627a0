import type { Connection, Prepare } from "./sqlite.ts";

/** Names a logical collection, as it would be called in MongoDB. */
export type CollectionName = { readonly db: string; readonly coll: string };

/** A collection as a task uses it: prepared statements, and the collection's id for them. */
export type OpenCollection = { readonly prepare: Prepare; readonly id: number };

/** A collection in a database file, on which stores run their tasks. */
export class Collection {
  readonly #connection: Connection;
  readonly name: string;

  constructor(connection: Connection, { db, coll }: CollectionName) {
    this.#connection = connection;
    this.name = `${db}.${coll}`;
  }

  /** Runs a task that only reads. Before the first write the id is 0, which no collection has. */
  read<T>(task: (collection: OpenCollection) => T): Promise<T> {
    return this.#connection.read((prepare) =>
      task({ prepare, id: findCollection(prepare, this.name) })
    );
  }

  /** Runs a task whose writes all happen, or none of them if it throws. */
  write<T>(task: (collection: OpenCollection) => T): Promise<T> {
    return this.#connection.write((prepare) =>
      task({ prepare, id: ensureCollection(prepare, this.name) })
    );
  }

  /** Runs a long task as {@link write} does; timers and I/O get their turn whenever it yields. */
  writeInSteps(task: (collection: OpenCollection) => Iterable<unknown>): Promise<void> {
    return this.#connection.writeInSteps((prepare) =>
      task({ prepare, id: ensureCollection(prepare, this.name) })
    );
  }
}

/** The collection's id; 0 if nothing was ever written to it. */
function findCollection(prepare: Prepare, name: string): number {
  const row = prepare("SELECT id FROM collections WHERE name = ?").get(name);
  return row === undefined ? 0 : Number(row["id"]);
}

/** The collection's id, which a task that writes creates if necessary. */
function ensureCollection(prepare: Prepare, name: string): number {
  prepare("INSERT INTO collections (name) VALUES (?) ON CONFLICT DO NOTHING").run(name);
  return findCollection(prepare, name);
}
