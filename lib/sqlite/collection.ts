import type { Jobs, Prepare } from "./sqlite.ts";

/** Names a logical collection, as it would be called in MongoDB. */
export type CollectionName = { readonly db: string; readonly coll: string };

/** A collection in a file: what stores run their jobs on. */
export class Collection {
  readonly #jobs: Jobs;
  readonly name: string;

  constructor(jobs: Jobs, place: CollectionName) {
    this.#jobs = jobs;
    this.name = collectionName(place);
  }

  /** Runs a job that only reads. Nothing has the id 0, should nothing be written yet. */
  read<T>(job: (prepare: Prepare, id: number) => T): Promise<T> {
    return this.#jobs.read((prepare) => job(prepare, findCollection(prepare, this.name)));
  }

  /** Runs a job whose writes happen all, or none of them if it throws. */
  write<T>(job: (prepare: Prepare, id: number) => T): Promise<T> {
    return this.#jobs.write((prepare) => job(prepare, ensureCollection(prepare, this.name)));
  }

  /** As {@link write}; whenever the job yields, timers and I/O have their turn. */
  writeInSteps(job: (prepare: Prepare, id: number) => Iterable<unknown>): Promise<void> {
    return this.#jobs.writeInSteps((prepare) => job(prepare, ensureCollection(prepare, this.name)));
  }
}

function collectionName({ db, coll }: CollectionName): string {
  return `${db}.${coll}`;
}

/** The collection's id; 0, which none has, if nothing was ever written to it. */
function findCollection(prepare: Prepare, name: string): number {
  const row = prepare("SELECT id FROM collections WHERE name = ?").get(name);
  return row === undefined ? 0 : Number(row["id"]);
}

/** The collection's id, new if need be. For jobs that write. */
function ensureCollection(prepare: Prepare, name: string): number {
  prepare("INSERT INTO collections (name) VALUES (?) ON CONFLICT DO NOTHING").run(name);
  return findCollection(prepare, name);
}
