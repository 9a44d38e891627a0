import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { question } from "../suites/inbox/fixtures.ts";
import { damageEntries, damageQueries } from "../sqlite/damaged_rows.ts";
import { damagedEntries, damagedQueries, insertDamaged } from "./damaged_documents.ts";
import type { Installation } from "./installation.ts";

/** Puts damaged entries into the lake while no worker looks; returns how many. */
export async function plantEntries(installation: Installation, count: number): Promise<number> {
  const { config, stores, upload } = installation;
  if (config.cache.url.startsWith("mongodb:")) {
    const where = { coll: "file_entries", indices: true };
    return await insertDamaged(installation, damagedEntries(count), where);
  }
  const uploads = Array.from({ length: count }, (_, number) => upload(`"damaged ${number}"`));
  const ids = await stores.lake.submit(await Promise.all(uploads));
  await withDatabase(installation, (db) => {
    // Whatever else they are, they are not sound.
    db.exec(`DELETE FROM files WHERE entry IN (${ids.join()})`);
    damageEntries(db, ids);
  });
  return count;
}

/** Puts damaged queries into the inbox while no worker looks; returns how many. */
export async function plantQueries(installation: Installation, count: number): Promise<number> {
  const { config, stores } = installation;
  if (config.report.url.startsWith("mongodb:")) {
    const where = { coll: "report", indices: true };
    return await insertDamaged(installation, damagedQueries(count), where);
  }
  // Other questions than any before, and older.
  const first = Date.now();
  const asked = Array.from({ length: count }, (_, i) => question(first + i, { timestamp: 1 + i }));
  for (const { query, parts } of asked) {
    // Whatever else it is, it is not sound.
    const data = { ...query.data, more: "not a list" } as unknown as typeof query.data;
    await stores.inbox.ask({ ...query, data }, parts);
  }
  const hashes = asked.map(({ query }) => query._hash);
  await withDatabase(installation, (db) => damageQueries(db, hashes));
  return count;
}

async function withDatabase(
  { folder }: Installation,
  work: (db: DatabaseSync) => void,
): Promise<void> {
  const db = new DatabaseSync(join(folder, "cybexp.db"));
  try {
    await Promise.resolve(work(db));
  } finally {
    db.close();
  }
}
