import { deepEqual, equal, ok, rejects } from "../../assert.ts";
import fc from "fast-check";
import { bsonSize } from "../../../lib/tahoe/bson.ts";
import { writeJson } from "../../../lib/tahoe/json.ts";
import type { Value } from "../../../lib/tahoe/value.ts";
import { connectedObjects } from "../../typetags/stix/connected_objects.ts";
import { stixObjects } from "../../typetags/stix/arbitrary_objects.ts";
import { filterText, splitText, storedAfter } from "./split_result.ts";

const bundles = fc.oneof(stixObjects, { weight: 4, arbitrary: connectedObjects })
  .map((objects): Value => ({ type: "bundle", objects }))
  .filter(isStorable);
const partBytes = fc.integer({ min: 1, max: 2000 });

function isStorable(value: Value): boolean {
  try {
    return bsonSize(value) > 0;
  } catch {
    return false;
  }
}

Deno.test("splitUpload of STIX gives bundles that make the events of the whole", async () => {
  await fc.assert(
    fc.asyncProperty(bundles, partBytes, async (bundle, partBytes) => {
      const text = writeJson(bundle);
      const { parts, refused } = await splitText(text, { typetag: "stix", partBytes });
      deepEqual(refused, []);
      const whole = filterText(text, "stix");
      const results = parts.map((part) => filterText(part, "stix"));
      deepEqual(storedAfter(results), storedAfter([whole]));
    }),
    { numRuns: 1000 },
  );
});

const FILE = { type: "file", id: "file--1", name: "a.exe", hashes: { MD5: "ab" } };
const USES = { type: "relationship", id: "r--1", source_ref: "file--1", target_ref: "malware--1" };
const SEEN = { type: "observed-data", id: "observed-data--1", object_refs: ["file--1"] };
const NOTES = Array.from({ length: 9 }, (_, number) => ({
  type: "note",
  id: `note--${number}`,
  content: "x".repeat(100),
}));

Deno.test("splitUpload of STIX puts an observable beside what contains it, not what only names it", async () => {
  const text = JSON.stringify({ type: "bundle", objects: [USES, FILE, ...NOTES, SEEN] });
  const { parts } = await splitText(text, { typetag: "stix", partBytes: 400 });
  ok(parts.length > 3, String(parts.length));
  const subTypes = parts.flatMap((part) => filterText(part, "stix")!.events)
    .map(({ sub_type }) => sub_type);
  deepEqual(subTypes, ["stix_relationship", "observed_data"]);
});

const LONE = { type: "ipv4-addr", id: "ipv4-addr--1", value: "192.0.2.1" };
const TO_LONE = { type: "relationship", source_ref: "malware--1", target_ref: LONE.id };

const PASSED_BY:
  readonly (readonly [what: string, object: { readonly [name: string]: unknown }])[] = [
    ["a sighting of it", { type: "sighting", sighting_of_ref: LONE.id }],
    ["a sighting of nothing at it", { type: "sighting", where_sighted_refs: [LONE.id] }],
    ["a relationship without a target", { type: "relationship", source_ref: LONE.id }],
    ["a note with it as sample", { type: "note", sample_refs: [LONE.id] }],
  ];

for (const [what, object] of PASSED_BY) {
  Deno.test(`splitUpload of STIX puts an observable beside what shows it, not beside ${what}`, async () => {
    const objects = [{ id: "thing--1", ...object }, { id: "relationship--1", ...TO_LONE }, LONE];
    const text = JSON.stringify({ type: "bundle", objects });
    const { parts } = await splitText(text, { typetag: "stix", partBytes: 1 });
    const results = parts.map((part) => filterText(part, "stix"));
    deepEqual(storedAfter(results), storedAfter([filterText(text, "stix")]));
    const subTypes = results.flatMap((result) => result!.events).map(({ sub_type }) => sub_type);
    ok(subTypes.includes("stix_relationship") && !subTypes.includes("observable"));
  });
}

Deno.test("splitUpload of STIX finds no report without an id by an empty reference", async () => {
  const report = { type: "report", name: "all", object_refs: ["relationship--1"] };
  const relationship = { ...TO_LONE, id: "relationship--1", source_ref: "" };
  const text = JSON.stringify({ type: "bundle", objects: [report, relationship, LONE] });
  const { parts } = await splitText(text, { typetag: "stix", partBytes: 1 });
  const results = parts.map((part) => filterText(part, "stix"));
  deepEqual(storedAfter(results), storedAfter([filterText(text, "stix")]));
});

Deno.test("splitUpload of STIX divides a large report, and calls none of its objects unresolved", async () => {
  const malware = Array.from({ length: 30 }, (_, number) => ({
    type: "malware",
    id: `malware--${number}`,
    name: `m${number}`,
  }));
  const object_refs = [...malware.map(({ id }) => id), "malware--missing"];
  const report = { type: "report", id: "report--1", name: "all", object_refs };
  for (const objects of [[report, ...malware], [...malware, report]]) {
    const text = JSON.stringify({ type: "bundle", objects });
    const { parts } = await splitText(text, { typetag: "stix", partBytes: 600 });
    ok(parts.length > 3, String(parts.length));
    const results = parts.map((part) => filterText(part, "stix")!);
    const skipped = results.flatMap(({ skipped }) => Object.entries(skipped));
    deepEqual(skipped, [["unresolved report.object_refs", 1]]);
    deepEqual(storedAfter(results), storedAfter([filterText(text, "stix")]));
  }
});

const FORMS: readonly (readonly [name: string, write: (objects: unknown[]) => string])[] = [
  ["a TAXII envelope", (objects) => JSON.stringify({ more: false, objects })],
  ["a list of objects", (objects) => JSON.stringify(objects, null, 2)],
  ["a list of bundles", (objects) => JSON.stringify(objects.map((one) => bundle([one])))],
  ["objects on lines", (objects) => objects.map((one) => JSON.stringify(one)).join("\n")],
  ["bundles on lines", (objects) => objects.map((one) => JSON.stringify(bundle([one]))).join("\n")],
  ["a bundle whose type comes last", (objects) => JSON.stringify({ objects, type: "bundle" })],
];

function bundle(objects: unknown[]) {
  return { type: "bundle", id: "bundle--1", objects };
}

for (const [name, write] of FORMS) {
  Deno.test(`splitUpload of STIX reads ${name}`, async () => {
    const malware = { type: "malware", id: "malware--1", name: "m" };
    const text = write([USES, ...NOTES, malware, SEEN, FILE]);
    const { parts, refused } = await splitText(text, { typetag: "stix", partBytes: 400 });
    deepEqual(refused, []);
    ok(parts.length > 3, String(parts.length));
    const results = parts.map((part) => filterText(part, "stix"));
    deepEqual(storedAfter(results), storedAfter([filterText(text, "stix")]));
  });
}

Deno.test("splitUpload of STIX refuses an object by its id, and gives the others", async () => {
  const large = { type: "malware", id: "malware--large", name: "x".repeat(3000) };
  const holder = { ...SEEN, id: "observed-data--all", object_refs: ["file--1", "file--2"] };
  const file = { ...FILE, id: "file--2", name: "y".repeat(1500) };
  const bad = '{"type": "tool", "id": "tool--bad", "name": nul}';
  const number = `{"type": "tool", "id": "tool--number", "x": ${2n ** 70n}}`;
  const objects = [
    ...[USES, FILE, large, holder, file].map((one) => JSON.stringify(one)),
    bad,
    number,
  ];
  const text = `{"type": "bundle", "objects": [${objects.join(", ")}]}`;
  const limits = { typetag: "stix", partBytes: 500, maxBytes: 1800 };
  const { parts, refused } = await splitText(text, limits);
  deepEqual(refused.map((line) => line.replaceAll(/[0-9]+/g, "N")), [
    "malware--large: it has N bytes, with what it refers to, and a record at most N",
    "tool--bad: it is not JSON",
    "tool--number: JSON has a number of more than N digits",
    "observed-data--all: it has N bytes, with what it refers to, and a record at most N",
  ]);
  const events = parts.flatMap((part) => filterText(part, "stix")!.events);
  deepEqual(events.map(({ sub_type }) => sub_type).sort(), [
    "observable",
    "observable",
    "stix_relationship",
  ]);
});

Deno.test("splitUpload of STIX keeps lines that are not STIX as rejected records", async () => {
  const text = [JSON.stringify(USES), "half a li", '{"a": 1}', JSON.stringify(FILE)].join("\n");
  const { parts } = await splitText(text, { typetag: "stix", partBytes: 50 });
  const rejected = parts.flatMap((part) => filterText(part, "stix")!.rejected);
  deepEqual(rejected.map(({ reason }) => reason), [
    "Not JSON: unexpected character at position 0",
    "Neither a STIX bundle nor a STIX object",
  ]);
  equal(parts.flatMap((part) => filterText(part, "stix")!.events).length, 2);
});

for (const text of ["<html>", '{"type": "bundle", "objects": [', '{"objects": [{}}', "[1 2]"]) {
  Deno.test(`splitUpload of STIX refuses all of ${text}`, async () => {
    await rejects(
      splitText(text, { typetag: "stix", partBytes: 50 }),
      /(?:not JSON from byte|cut off in the middle of its JSON).*nothing of it was read/,
    );
  });
}
