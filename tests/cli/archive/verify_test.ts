import { deepEqual, equal, match } from "../../assert.ts";
import { verify } from "../../../lib/cli/archive/verify.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event } from "../../../lib/tahoe/event.ts";
import type { Instance } from "../../../lib/tahoe/instance.ts";
import { SqliteInstances } from "../../../lib/sqlite/instances.ts";
import { openSqlite } from "../../../lib/sqlite/open.ts";

async function verifyAll(instances: readonly Instance[]) {
  const sqlite = openSqlite(":memory:");
  try {
    const store = new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" });
    await store.put(instances);
    let progress = 0;
    const verification = await verify(store, (count) => progress += count);
    equal(progress, verification.checked);
    return verification;
  } finally {
    await sqlite.close();
  }
}

const url = attribute("url", "https://example.com/");
const ip = attribute("ipv4", "192.0.2.1");
const sighting = event("sighting", [url, ip], { orgid: "0f".repeat(32), timestamp: 1.5 });

Deno.test("verify finds no flaw in correct instances", async () => {
  deepEqual(await verifyAll([url, ip, sighting]), { checked: 3, flawed: 0, flaws: [] });
});

Deno.test("verify reports each dangling reference once", async () => {
  const { _hash: hash, itype } = sighting;
  deepEqual(await verifyAll([ip, sighting]), {
    checked: 2,
    flawed: 1,
    flaws: [{ hash, itype, flaw: `refers to missing ${url._hash}` }],
  });
});

Deno.test("verify reports instances whose content has another hash", async () => {
  const changed = { ...ip, data: "192.0.2.2" };
  const { _hash: other } = attribute("ipv4", "192.0.2.2");
  deepEqual(await verifyAll([changed]), {
    checked: 1,
    flawed: 1,
    flaws: [{ hash: ip._hash, itype: "attribute", flaw: `its content has the hash ${other}` }],
  });
});

Deno.test("verify reports instances that cannot be hashed, and continues", async () => {
  const _hash = "0".repeat(64);
  const user: Instance = {
    itype: "object",
    sub_type: "cybexp_user",
    data: {},
    _cref: [],
    _ref: [],
    _hash,
  };
  const { checked, flaws } = await verifyAll([user, ip]);
  equal(checked, 2);
  deepEqual(flaws.map(({ hash }) => hash), [_hash]);
  match(flaws[0]!.flaw, /^cannot be hashed: /);
});

Deno.test("verify checks references across pages", async () => {
  const attributes = Array.from({ length: 600 }, (_, i) => attribute("port", BigInt(i)));
  const all = event("sighting", attributes, { orgid: "0f".repeat(32), timestamp: 0 });
  deepEqual(await verifyAll([...attributes, all]), { checked: 601, flawed: 0, flaws: [] });
  equal((await verifyAll([...attributes.slice(1), all])).flawed, 1);
});
