import { equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { canonical, decanonical, MAX_CANONICAL, stripPython } from "../../lib/tahoe/canonical.ts";
import { sha256 } from "../../lib/tahoe/hash.ts";
import { parseJson, writeJson } from "../../lib/tahoe/json.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { readVectors } from "../vectors.ts";
import { values } from "./arbitrary_value.ts";

type CanonicalCase = {
  id: string;
  input_json: string;
  canonical?: string;
  length: number;
  sha256: string;
  decanonical_json?: string;
  recanonical_same?: boolean;
  error?: string;
};
type Vectors = {
  cases: CanonicalCase[];
  decanonical: { text: string; result_json: string }[];
  decanonical_bytes: { bytes_hex: string; result_json: string | null }[];
};

const vectors: Vectors = JSON.parse(await readVectors("canonical.json"));

Deno.test("canonical agrees with every vector", () => {
  for (const vector of vectors.cases) {
    if (vector.error !== undefined) {
      throws(() => canonical(parseJson(vector.input_json)), vector.id);
      continue;
    }
    const text = canonical(parseJson(vector.input_json));
    if (vector.canonical !== undefined) equal(text, vector.canonical, vector.id);
    equal(text.length, vector.length, vector.id);
    equal(sha256(text), vector.sha256, vector.id);
  }
});

Deno.test("decanonical agrees with every vector", () => {
  for (const { id, input_json, decanonical_json, recanonical_same } of vectors.cases) {
    if (decanonical_json === undefined) continue;
    const text = canonical(parseJson(input_json));
    equal(sorted(decanonical(text)), sorted(parseJson(decanonical_json)), id);
    equal(canonical(decanonical(text)) === text, recanonical_same, id);
  }
  for (const { text, result_json } of vectors.decanonical) {
    equal(sorted(decanonical(text)), sorted(parseJson(result_json)), text);
  }
  for (const { bytes_hex, result_json } of vectors.decanonical_bytes) {
    const bytes = Uint8Array.from(bytes_hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    equal(sorted(decanonical(text)), result_json === null ? writeJson(text) : result_json);
  }
});

function sorted(value: Value): string {
  if (typeof value !== "object" || value === null) return writeJson(value);
  if (Array.isArray(value)) return `[${value.map(sorted).join(", ")}]`;
  const members = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${members.map(([name, member]) => `${writeJson(name)}: ${sorted(member)}`).join(", ")}}`;
}

Deno.test("canonical sorts names by code point, not by UTF-16 unit", () => {
  equal(canonical({ "😀": 1n, "\uff5e": 2n }), '{"\\uff5e": "2", "\\ud83d\\ude00": "1"}');
  equal(
    canonical({ "😀": 1n, "\ud83d\uff5e": 2n }),
    '{"\\ud83d\\uff5e": "2", "\\ud83d\\ude00": "1"}',
  );
});

Deno.test("canonical forgets the order of names and list members, and doubled members", () => {
  fc.assert(fc.property(fc.array(values), fc.dictionary(fc.string(), values), (list, fields) => {
    equal(canonical(list.toReversed().concat(list)), canonical(list));
    const reversed = Object.fromEntries(Object.entries(fields).toReversed());
    equal(canonical(reversed), canonical(fields));
  }));
});

Deno.test("canonical tells 1, 1.0, true and their texts apart", () => {
  equal(new Set([1n, 1, true, "1", "1.0", "true"].map(canonical)).size, 6);
});

Deno.test("canonical takes a text of exactly 16 MiB and refuses one character more", () => {
  const longest = "x".repeat(MAX_CANONICAL - 2);
  equal(canonical(longest).length, MAX_CANONICAL);
  throws(() => canonical(longest + "x"), RangeError);
  throws(() => canonical({ "": longest }), RangeError);
});

Deno.test("canonical counts doubled list members once", () => {
  equal(canonical(Array(1000).fill("x".repeat(1_000_000))).length, 1_000_000 + 2 + 4 + 2);
});

Deno.test("canonical refuses deep nesting before the memory is spent", () => {
  let nested: Value = [];
  for (let depth = 0; depth < 100_000; depth++) nested = [nested];
  throws(() => canonical(nested), RangeError);
  let doubling: Value = "x".repeat(1000);
  for (let depth = 0; depth < 30; depth++) doubling = { k: doubling };
  throws(() => canonical(doubling), RangeError);
});

Deno.test("stripPython takes off exactly Python's white space", () => {
  const ranges = [
    [0x09, 0x0d],
    [0x1c, 0x20],
    [0x85, 0x85],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
  ] as const;
  for (let unit = 0; unit <= 0xffff; unit++) {
    const space = ranges.some(([first, last]) => unit >= first && unit <= last);
    equal(stripPython(`${String.fromCharCode(unit)}x`) === "x", space, unit.toString(16));
  }
  equal(stripPython(" \u0085 a b\u001f "), "a b");
  equal(stripPython(" ".repeat(100_000) + "x" + " ".repeat(100_000)), "x");
});
