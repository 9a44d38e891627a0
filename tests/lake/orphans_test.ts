import { equal } from "../assert.ts";
import { findOrphans } from "../../lib/lake/forget/orphans.ts";
import type { Attribute, Event, Hash } from "../../lib/tahoe/instance.ts";

/** More than a function takes arguments. */
const MANY = 300_000;

Deno.test("findOrphans finds more attributes than a function takes arguments", async () => {
  const refs: Hash[] = Array.from({ length: MANY }, (_, i) => String(i).padStart(64, "0"));
  const attributes = refs.map((_hash): Attribute => ({
    itype: "attribute",
    sub_type: "username",
    data: "x",
    _hash,
  }));
  const event: Event = {
    itype: "event",
    sub_type: "login",
    data: {},
    orgid: "o",
    timestamp: 1,
    category: "unknown",
    _cref: refs,
    _ref: refs,
    _ben_ref: [],
    _mal_ref: [],
    _hash: "e".repeat(64),
  };
  const store = {
    get: () => Promise.resolve(attributes),
    referredBeyond: () => Promise.resolve(new Set<Hash>()),
  };
  equal((await findOrphans(store, [event], [])).length, MANY);
});
