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
import { stixObjects as objects } from "./arbitrary_objects.ts";
import { SOURCE } from "./read_stix.ts";

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
