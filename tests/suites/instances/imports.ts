import { deepEqual } from "../../assert.ts";
import type { Source } from "../../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../../lib/tahoe/instances.ts";
import { hash, ORGID, raw, type Test } from "./fixtures.ts";

const REJECTED: Source = {
  orgid: ORGID,
  timezone: "UTC",
  timestamp: 1_600_000_000.5,
  events: "rejected",
  reason: 'EVENTS_INVALID: "\u0000" is not a name',
  file: "a \u{1F41D}.json",
};
const UPLOADED: Source = { orgid: ORGID, timezone: null, timestamp: 1, events: "rejected" };

export function importsTests(test: Test): void {
  test("importedWithoutEvents lists Raws with a source that names a file", async ({ store }) => {
    const imported = raw(hash(2), { _sources: [UPLOADED, REJECTED], _ref: [hash(9)] });
    await store.put([raw(hash(1), { _sources: [UPLOADED] }), imported, raw(hash(3), {})]);
    const { sub_type, orgid } = imported;
    deepEqual(await listed(store), [
      { _hash: hash(2), sub_type, orgid, _sources: [UPLOADED, REJECTED] },
    ]);
  });

  test("importedWithoutEvents follows what is put again, replaced and removed", async ({ store }) => {
    const hashes = async () => (await listed(store)).map(({ _hash }) => _hash);
    const uploaded = (n: number) => raw(hash(n), { _sources: [UPLOADED] });
    await store.put([uploaded(2), uploaded(1)]);
    deepEqual(await hashes(), []);
    await store.put([2, 1].map((n) => raw(hash(n), { _sources: [REJECTED] })));
    deepEqual(await hashes(), [hash(1), hash(2)]);
    await store.put([uploaded(1)]);
    await store.replace(hash(2), uploaded(2));
    deepEqual(await hashes(), [hash(1)]);
    await store.remove(hash(1));
    deepEqual(await hashes(), []);
  });
}

/** What the store lists, with plain objects. */
async function listed(store: InstanceStore) {
  const raws = await Array.fromAsync(store.importedWithoutEvents());
  return raws.map((raw) => ({ ...raw, _sources: raw._sources.map((source) => ({ ...source })) }));
}
