import { deepEqual, equal, ok } from "../assert.ts";
import { packInstances } from "../../lib/packed/packed_instances.ts";
import { unpackInstances } from "../../lib/packed/packed_reader.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event, setCategory } from "../../lib/tahoe/event.ts";
import type { Instance } from "../../lib/tahoe/instance.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import { object } from "../../lib/tahoe/object.ts";
import { raw } from "../../lib/tahoe/raw.ts";
import { addEvents, session } from "../../lib/tahoe/session.ts";
import type { Fields } from "../../lib/tahoe/value.ts";

const ORGID = "0f".repeat(32);
const address = attribute("ipv4", "192.0.2.1");
const attacker = object("attacker", [address]);
const login = setCategory(
  event("login", [attacker, attribute("success", false)], {
    orgid: ORGID,
    timestamp: 1_600_000_000.25,
    malicious: [address],
  }),
  "malicious",
);
const UPLOAD = { orgid: ORGID, timezone: null };

const CASES: readonly (readonly [name: string, instances: readonly Instance[]])[] = [
  ["nothing", []],
  [
    "attributes of every kind of data",
    [1n, 1, -0, 0, NaN, Infinity, null, true, "", "\u0000 \u00e9 \u{1F41D}"].map((data) =>
      attribute("x", data)
    ),
  ],
  ["an object and an event after their children", [
    address,
    attacker,
    attribute("success", false),
    login,
  ]],
  ["a parent before its children", [attacker, address]],
  // Both have the same hash, which ignores white space around a string.
  ["an event whose attribute is written in another way", [
    attribute("password", "abc"),
    event("login", [attribute("password", "abc ")], { orgid: ORGID, timestamp: 1 }),
  ]],
  ["a session", [addEvents(session("visit", [address]), [login])]],
  ["a large Raw", [
    { ...raw("log", { data: "line \u00e9\n".repeat(10_000) }, UPLOAD), _ref: [login._hash] },
  ]],
  ["a Raw of a file", [{
    ...raw("log", "x", UPLOAD),
    _sources: [{ ...UPLOAD, timestamp: 2, events: "rejected", file: "a.log" }],
  }]],
];

for (const [name, instances] of CASES) {
  Deno.test(`unpackInstances restores ${name}`, () => {
    const unpacked = unpackInstances(structuredClone(packInstances(instances)));
    deepEqual(unpacked.map(json), instances.map(json));
  });
}

Deno.test("packInstances packs what instances have in common once", () => {
  const logins = Array.from(
    { length: 1000 },
    (_, number) =>
      event("login", [attacker, attribute("success", false)], { orgid: ORGID, timestamp: number }),
  );
  const { hashes, texts, bytes } = packInstances([address, attacker, ...logins]);
  equal(hashes.length, 1003);
  ok(texts.length < 12, String(texts.length));
  ok(bytes.length < 50 * 1000, String(bytes.length));
});

function json(instance: Instance): string {
  return writeJson(instance as unknown as Fields);
}
