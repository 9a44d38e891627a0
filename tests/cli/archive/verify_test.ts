import assert from "node:assert/strict";
import { verify } from "../../../lib/cli/archive/verify.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event } from "../../../lib/tahoe/event.ts";
import type { Instance } from "../../../lib/tahoe/instance.ts";
import { SqliteInstances } from "../../../lib/sqlite/instances.ts";
import { openSqlite } from "../../../lib/sqlite/open.ts";

async function verified(instances: readonly Instance[]) {
  const sqlite = openSqlite(":memory:");
  try {
    const store = new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" });
    await store.put(instances);
    let progress = 0;
    const verification = await verify(store, (count) => progress += count);
    assert.equal(progress, verification.checked);
    return verification;
  } finally {
    await sqlite.close();
  }
}

const url = attribute("url", "https://example.com/");
const ip = attribute("ipv4", "192.0.2.1");
const sighting = event("sighting", [url, ip], { orgid: "0f".repeat(32), timestamp: 1.5 });

Deno.test("verify finds nothing wrong with sound instances", async () => {
  assert.deepEqual(await verified([url, ip, sighting]), { checked: 3, flawed: 0, flaws: [] });
});

Deno.test("verify names each dangling reference once", async () => {
  const { _hash: hash, itype } = sighting;
  assert.deepEqual(await verified([ip, sighting]), {
    checked: 2,
    flawed: 1,
    flaws: [{ hash, itype, flaw: `refers to missing ${url._hash}` }],
  });
});

Deno.test("verify names instances whose content has another hash", async () => {
  const changed = { ...ip, data: "192.0.2.2" };
  const { _hash: other } = attribute("ipv4", "192.0.2.2");
  assert.deepEqual(await verified([changed]), {
    checked: 1,
    flawed: 1,
    flaws: [{ hash: ip._hash, itype: "attribute", flaw: `its content has the hash ${other}` }],
  });
});

Deno.test("verify names instances that cannot be hashed and goes on", async () => {
  const _hash = "0".repeat(64);
  const user: Instance = {
    itype: "object",
    sub_type: "cybexp_user",
    data: {},
    _cref: [],
    _ref: [],
    _hash,
  };
  const { checked, flaws } = await verified([user, ip]);
  assert.equal(checked, 2);
  assert.deepEqual(flaws.map(({ hash }) => hash), [_hash]);
  assert.match(flaws[0]!.flaw, /^cannot be hashed: /);
});

Deno.test("verify looks at more than a page, references across pages included", async () => {
  const attributes = Array.from({ length: 600 }, (_, i) => attribute("port", BigInt(i)));
  const all = event("sighting", attributes, { orgid: "0f".repeat(32), timestamp: 0 });
  assert.deepEqual(await verified([...attributes, all]), { checked: 601, flawed: 0, flaws: [] });
  assert.equal((await verified([...attributes.slice(1), all])).flawed, 1);
});
