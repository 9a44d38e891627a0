// A worker of crash_test.ts: claims, stores and settles until nothing is left. Arguments: path of
// the database, name of the worker, seconds of a lease. Writes "claimed" after each claim, and at
// the end the ids of the entries that it settled, as JSON.
import { nowSeconds } from "../../lib/clock.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import type { Claim } from "../../lib/lake/lake.ts";
import type { Raw } from "../../lib/tahoe/instance.ts";

const [path, owner, lease] = Deno.args as [string, string, string];
const sqlite = openSqlite(path);
const lake = new SqliteLake(sqlite, { db: "cache_db", coll: "file_entries" });
const store = new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" });
const settled: string[] = [];

/** The Raw of an entry, whose name stands for the hash of its content. */
function toRaw({ entry }: Claim): Raw {
  const { name, orgid } = entry as { name: string; orgid: string };
  return { itype: "raw", sub_type: "x", data: name, orgid, timezone: null, _hash: name };
}

async function work(claims: readonly Claim[]): Promise<void> {
  for await (const group of lake.read(claims, 1000)) {
    await store.put(group.map(({ claim }) => toRaw(claim)));
    const outcomes = group.map(({ claim }) => ({
      claim,
      outcome: { state: "SUCCESS", ref: toRaw(claim)._hash } as const,
    }));
    const refused = await lake.settle(outcomes);
    settled.push(...claims.map(({ id }) => id).filter((id) => !refused.includes(id)));
  }
}

while (true) {
  const claims = await lake.claim({ owner, limit: 8, lease: Number(lease), now: nowSeconds() });
  if (claims.length > 0) {
    console.log("claimed");
    await work(claims);
    continue;
  }
  const { counts } = await lake.status(nowSeconds());
  if (counts.WAITING + counts.CLAIMED + counts.DELAYED === 0) break;
  await lake.waitForWork(200, new AbortController().signal);
}
await sqlite.close();
console.log(JSON.stringify(settled));
