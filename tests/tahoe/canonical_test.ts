import { equal, throws } from "../assert.ts";
import fc from "fast-check";
import {
  canonicalForm,
  canonicalTextPieces,
  decodeCanonicalForm,
  MAX_CANONICAL_LENGTH,
  stripPythonSpace,
} from "../../lib/tahoe/canonical.ts";
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

Deno.test("canonicalForm matches every vector", () => {
  for (const vector of vectors.cases) {
    if (vector.error !== undefined) {
      throws(() => canonicalForm(parseJson(vector.input_json)), vector.id);
      continue;
    }
    const text = canonicalForm(parseJson(vector.input_json));
    if (vector.canonical !== undefined) equal(text, vector.canonical, vector.id);
    equal(text.length, vector.length, vector.id);
    equal(sha256(text), vector.sha256, vector.id);
  }
});

Deno.test("decodeCanonicalForm matches every vector", () => {
  for (const { id, input_json, decanonical_json, recanonical_same } of vectors.cases) {
    if (decanonical_json === undefined) continue;
    const text = canonicalForm(parseJson(input_json));
    equal(writeSorted(decodeCanonicalForm(text)), writeSorted(parseJson(decanonical_json)), id);
    equal(canonicalForm(decodeCanonicalForm(text)) === text, recanonical_same, id);
  }
  for (const { text, result_json } of vectors.decanonical) {
    equal(writeSorted(decodeCanonicalForm(text)), writeSorted(parseJson(result_json)), text);
  }
  for (const { bytes_hex, result_json } of vectors.decanonical_bytes) {
    const bytes = Uint8Array.from(bytes_hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    equal(
      writeSorted(decodeCanonicalForm(text)),
      result_json === null ? writeJson(text) : result_json,
    );
  }
});

function writeSorted(value: Value): string {
  if (typeof value !== "object" || value === null) return writeJson(value);
  if (Array.isArray(value)) return `[${value.map(writeSorted).join(", ")}]`;
  const members = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${
    members.map(([name, member]) => `${writeJson(name)}: ${writeSorted(member)}`).join(", ")
  }}`;
}

Deno.test("canonicalForm sorts names by code point, not by UTF-16 unit", () => {
  equal(canonicalForm({ "😀": 1n, "\uff5e": 2n }), '{"\\uff5e": "2", "\\ud83d\\ude00": "1"}');
  equal(
    canonicalForm({ "😀": 1n, "\ud83d\uff5e": 2n }),
    '{"\\ud83d\\uff5e": "2", "\\ud83d\\ude00": "1"}',
  );
});

Deno.test("canonicalForm ignores the order of names and list members, and duplicate members", () => {
  fc.assert(fc.property(fc.array(values), fc.dictionary(fc.string(), values), (list, fields) => {
    equal(canonicalForm(list.toReversed().concat(list)), canonicalForm(list));
    const reversed = Object.fromEntries(Object.entries(fields).toReversed());
    equal(canonicalForm(reversed), canonicalForm(fields));
  }));
});

Deno.test("canonicalForm distinguishes 1, 1.0, true and their strings", () => {
  equal(new Set([1n, 1, true, "1", "1.0", "true"].map(canonicalForm)).size, 6);
});

Deno.test("canonicalForm accepts a form of exactly 16 MiB and rejects one character more", () => {
  const longest = "x".repeat(MAX_CANONICAL_LENGTH - 2);
  equal(canonicalForm(longest).length, MAX_CANONICAL_LENGTH);
  throws(() => canonicalForm(longest + "x"), RangeError);
  throws(() => canonicalForm({ "": longest }), RangeError);
});

Deno.test("canonicalForm counts duplicate list members once", () => {
  equal(canonicalForm(Array(1000).fill("x".repeat(1_000_000))).length, 1_000_000 + 2 + 4 + 2);
});

Deno.test("canonicalForm rejects deep nesting before it uses the memory", () => {
  let nested: Value = [];
  for (let depth = 0; depth < 100_000; depth++) nested = [nested];
  throws(() => canonicalForm(nested), RangeError);
  let doubling: Value = "x".repeat(1000);
  for (let depth = 0; depth < 30; depth++) doubling = { k: doubling };
  throws(() => canonicalForm(doubling), RangeError);
});

Deno.test("stripPythonSpace removes exactly Python's white space", () => {
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
    equal(stripPythonSpace(`${String.fromCharCode(unit)}x`) === "x", space, unit.toString(16));
  }
  equal(stripPythonSpace(" \u0085 a b\u001f "), "a b");
  equal(stripPythonSpace(" ".repeat(100_000) + "x" + " ".repeat(100_000)), "x");
});

Deno.test("canonicalTextPieces gives the canonical form of a text", () => {
  const unit = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(" ", "\n", '"', "\\", "\ud83e"),
  );
  fc.assert(fc.property(fc.array(unit), (units) => {
    const data = units.join("");
    equal([...canonicalTextPieces(data)].join(""), canonicalForm({ data }));
  }));
  // Pieces end within this character.
  for (const data of ["x" + "\u{1f98a}".repeat(100_000), "\\".repeat(200_000)]) {
    equal([...canonicalTextPieces(data)].join(""), canonicalForm({ data }));
  }
});
