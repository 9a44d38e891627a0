import { deepEqual, ok } from "../../assert.ts";
import fc from "fast-check";
import { Rejected } from "../../../lib/errors.ts";
import { bsonSize, MAX_DOCUMENT_BYTES } from "../../../lib/tahoe/bson.ts";
import { computeHash } from "../../../lib/tahoe/hash.ts";
import { parseJson } from "../../../lib/tahoe/json.ts";
import type { Fields, Value } from "../../../lib/tahoe/value.ts";
import type { FilterResult } from "../../../lib/typetags/filter.ts";
import { STIX_FILTER } from "../../../lib/typetags/stix.ts";
import { values } from "../../tahoe/arbitrary_value.ts";
import { SOURCE } from "./read_stix.ts";

const TYPES = [
  "indicator",
  "observed-data",
  "sighting",
  "relationship",
  "malware",
  "report",
  "grouping",
  "ipv4-addr",
  "domain-name",
  "file",
  "network-traffic",
  "process",
  "email-message",
  "vulnerability",
  "marking-definition",
  "x-thing",
  "bundle",
];
/** So few ids that most references find an object, sometimes the object that refers. */
const id = fc.integer({ min: 1, max: 12 }).map((number) => `thing--${number}`);
const STRINGS = [
  "192.0.2.1",
  "198.51.100.0/24",
  "2001:db8::1",
  "example.com",
  "a@example.com",
  "\\\\\\\\",
  "2024-03-01T00:00:00Z",
  "benign",
  "malicious-activity",
  "CVE-2024-0001",
  "d41d",
  "",
  " a ",
  "\ud800",
  "[url:value = 'https://example.com/']",
  "[file:name = 'a' AND file:size = 5]",
  "[ipv4-addr:value = '192.0.2.1'] OR [ipv4-addr:value IN ('192.0.2.2', 'x')]",
  "[process:image_ref.name = 'a' AND process:parent_ref.image_ref.name = 'b']",
];
const text = fc.oneof(fc.constantFrom(...STRINGS), fc.string({ unit: "binary" }));
const value: fc.Arbitrary<Value> = fc.oneof(
  text,
  id,
  fc.bigInt({ min: -5n, max: 2n ** 70n }),
  values,
);

const VALUE_PROPERTIES = [
  "name",
  "value",
  "pattern",
  "labels",
  "indicator_types",
  "aliases",
  "relationship_type",
  "valid_from",
  "first_seen",
  "first_observed",
  "created",
  "modified",
  "number",
  "pid",
  "dst_port",
  "subject",
  "body",
  "revoked",
  "country",
  "protocols",
];
const REFERENCES = [
  "source_ref",
  "target_ref",
  "sighting_of_ref",
  "src_ref",
  "dst_ref",
  "parent_ref",
  "object_refs",
  "observed_data_refs",
  "where_sighted_refs",
  "resolves_to_refs",
  "child_refs",
  "contains_refs",
  "sample_refs",
  "from_ref",
  "to_refs",
];
const property = fc.oneof(
  fc.tuple(fc.constantFrom(...VALUE_PROPERTIES), fc.oneof(value, fc.array(value))),
  fc.tuple(fc.constantFrom(...REFERENCES), fc.oneof(id, fc.array(id), value)),
  fc.tuple(fc.constant("hashes"), fc.dictionary(fc.constantFrom("MD5", "SHA-256", "x"), text)),
);
const object = fc.record({
  type: fc.constantFrom(...TYPES),
  id: fc.option(id, { nil: undefined }),
  properties: fc.array(property, { maxLength: 8 }),
}).map(({ type, id, properties }) => fieldsOf([["type", type], ["id", id], ...properties]));
const inside = fc.dictionary(fc.constantFrom("0", "1", "2"), object);
const objects = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: object },
    {
      weight: 1,
      arbitrary: inside.map((objects) =>
        fieldsOf([["type", "observed-data"], ["objects", objects]])
      ),
    },
  ),
  { maxLength: 20 },
);

Deno.test("stix makes the same of a bundle in any order of its objects", () => {
  const shuffled = objects.chain((objects) =>
    fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length }))
  );
  fc.assert(
    fc.property(shuffled, ([objects, others]) => {
      deepEqual(summaryOf(others), summaryOf(objects));
    }),
    { numRuns: 500 },
  );
});

Deno.test("stix makes valid instances of any bundle, or rejects it", () => {
  fc.assert(
    fc.property(objects, (objects) => {
      const result = read({ type: "bundle", objects });
      if (result !== undefined) checkValid(result);
    }),
    { numRuns: 500 },
  );
});

Deno.test("stix rejects or reads any JSON", () => {
  fc.assert(fc.property(values, (data) => void read(data)), { numRuns: 500 });
  fc.assert(fc.property(fc.json(), (text) => void read(parseJson(text))), { numRuns: 500 });
  fc.assert(fc.property(fc.string(), (data) => void read({ data })), { numRuns: 500 });
});

Deno.test("stix keeps events within a document if escaping makes their strings much longer", () => {
  const escaped = ["\\".repeat(20_000), "\u{1f600}".repeat(20_000), '"'.repeat(200_000)];
  for (const name of [...escaped, "\u0001".repeat(1_000_000), "n".repeat(9_000_000)]) {
    const file = { type: "file", id: "file--1", name, hashes: { MD5: "ab" } };
    const process = { type: "process", pid: 1n, image_ref: "file--1" };
    const uses = { type: "relationship", source_ref: "file--1", target_ref: "file--1" };
    const result = read({ type: "bundle", objects: [file, process, uses] });
    if (result !== undefined) checkValid(result);
  }
});

Deno.test("stix reads lists that would multiply in a short time, or rejects them", () => {
  const many = Array.from({ length: 3000 }, (_, number) => number);
  const file = (number: number) => ({ type: "file", id: `file--${number}`, name: `${number}` });
  const all = many.map((number) => `file--${number}`);
  const folders = many.slice(0, 200)
    .map((number) => ({ type: "directory", id: `directory--${number}`, contains_refs: all }));
  const protocols = many.map(String);
  const traffic = { type: "network-traffic", id: "network-traffic--1", protocols };
  const data = { type: "observed-data", id: "observed-data--1", object_refs: all };
  const bundles: readonly (readonly Fields[])[] = [
    [...many.map(file), ...folders],
    [{ ...traffic, dst_ref: many.map(() => ({ value: "192.0.2.1" })), dst_port: many.map(BigInt) }],
    [traffic, {
      ...traffic,
      id: "network-traffic--2",
      encapsulates_refs: many.map(() => traffic.id),
    }],
    [...many.map(file), data, {
      type: "sighting",
      sighting_of_ref: "malware--1",
      observed_data_refs: many.map(() => data.id),
    }],
    [
      ...many.map(file),
      ...folders,
      ...many.slice(0, 200).map((number) => ({
        type: "relationship",
        source_ref: `directory--${number}`,
        target_ref: `directory--${number}`,
      })),
    ],
    [{ type: "indicator", pattern: `[${"(a:b = 'c' OR a:b = 'd') AND ".repeat(3000)} a:b = 'c']` }],
  ];
  for (const objects of bundles) {
    const start = performance.now();
    read({ type: "bundle", objects });
    const milliseconds = performance.now() - start;
    ok(milliseconds < 20_000, String(milliseconds));
  }
});

function read(data: Value): FilterResult | undefined {
  try {
    return STIX_FILTER.read(data, SOURCE);
  } catch (error) {
    ok(error instanceof Rejected, String(error));
    return undefined;
  }
}

/** Everything in which two results must agree, with sets in order. */
function summaryOf(objects: readonly Value[]): unknown {
  const result = read({ type: "bundle", objects });
  if (result === undefined) return undefined;
  const { instances, skipped } = result;
  const all = instances.map((instance) => ({
    hash: instance._hash,
    refs: "_ref" in instance ? [...instance._ref ?? []].sort() : [],
    data: instance.itype === "attribute" ? instance.data : undefined,
    marks: instance.itype === "event"
      ? [instance.category, [...instance._ben_ref].sort(), [...instance._mal_ref].sort()]
      : [],
  }));
  return { all: all.sort((one, other) => one.hash < other.hash ? -1 : 1), skipped };
}

function checkValid({ instances, refs, events }: FilterResult): void {
  const seen = new Set<string>();
  for (const instance of instances) {
    deepEqual(computeHash(instance), instance._hash);
    const size = bsonSize(instance as unknown as Fields);
    ok(size < MAX_DOCUMENT_BYTES, String(size));
    const children = "_cref" in instance ? instance._cref : [];
    ok(children.every((hash) => seen.has(hash)), "an instance comes before one of its children");
    seen.add(instance._hash);
  }
  const inEvents = instances.filter(({ itype }) => itype !== "session").map(({ _hash }) => _hash);
  ok(inEvents.every((hash) => refs.includes(hash)), "an instance is not part of any event");
  for (const event of events) {
    ok(Number.isFinite(event.timestamp));
    ok(event._mal_ref.every((hash) => !event._ben_ref.includes(hash)));
  }
}

function fieldsOf(entries: readonly (readonly [string, Value | undefined])[]): Fields {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Fields;
}
