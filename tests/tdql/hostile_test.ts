import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { Value } from "../../lib/tahoe/value.ts";
import { parseBytesLiteral } from "../../lib/tdql/bytes_literal.ts";
import { unnestQueryData } from "../../lib/tdql/unnest.ts";
import { QueryError } from "../../lib/tdql/query_error.ts";
import { type Query, readQuery } from "../../lib/tdql/query.ts";
import { timeRange } from "../../lib/tdql/time_range.ts";
import { isBytesLiteral } from "./bytes_literal.ts";
import { hostileTexts } from "./hostile_text.ts";

/** `deno task test:hostile` tries a million: some minutes, and it says which took longest. */
const asked = Deno.env.get("CYBEXP_HOSTILE_TEXTS");
const TEXTS = Number(asked ?? 20_000);

const QTYPES = ["count", "related", "threatrank", "__proto__"];
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Stage = "nothing" | "bytes" | "text" | "value" | "query" | "range";

/** What `make` gives; undefined if it throws an error of the one class it may. */
function attempt<Made>(
  make: () => Made,
  refusal: new (...args: never[]) => Error,
): Made | undefined {
  try {
    return make();
  } catch (error) {
    ok(error instanceof refusal, String(error));
    return undefined;
  }
}

/** All that is done with query data that is not encrypted. Gives how far it came. */
function decode(qdata: string): Stage {
  const bytes = attempt(() => parseBytesLiteral(qdata), SyntaxError);
  if (bytes === undefined) return "nothing";
  const text = attempt(() => utf8.decode(bytes), TypeError);
  if (text === undefined) return "bytes";
  const value = attempt(() => unnestQueryData(text), QueryError);
  if (value === undefined) return "text";
  const queries = QTYPES.map((qtype) => read(qtype, value));
  const ranges = queries.map((query) => query && rangeOf(query));
  if (ranges.some((range) => range !== undefined)) return "range";
  return queries.some((query) => query !== undefined) ? "query" : "value";
}

function read(qtype: string, value: Value): Query | undefined {
  return attempt(() => readQuery(qtype, value), QueryError);
}

function rangeOf(query: Query) {
  if (query.qtype === "threatrank") return undefined;
  const range = attempt(() => timeRange(query.time, 1_600_000_000.25), QueryError);
  ok(range === undefined || Number.isFinite(range.start) && Number.isFinite(range.end));
  return range;
}

/** Milliseconds. */
function timeOf(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

Deno.test(`${TEXTS} hostile texts are read or refused, each in less than a second`, () => {
  const reached = { nothing: 0, bytes: 0, text: 0, value: 0, query: 0, range: 0 };
  let slowest = { ms: 0, qdata: "" };
  const property = fc.property(hostileTexts, (qdata) => {
    let stage: Stage = "nothing";
    const ms = timeOf(() => stage = decode(qdata));
    if (ms > slowest.ms) slowest = { ms, qdata };
    ok(ms < 1000, `${ms} ms`);
    if (qdata.length < 1000) equal(stage !== "nothing", isBytesLiteral(qdata));
    reached[stage]++;
  });
  const all = timeOf(() => fc.assert(property, { seed: 20260115, numRuns: TEXTS }));
  for (const [stage, count] of Object.entries(reached)) {
    ok(count >= TEXTS / 1000, `${stage}: ${count}`);
  }
  if (asked === undefined) return;
  const { ms, qdata } = slowest;
  console.log(`${TEXTS} texts in ${(all / 1000).toFixed(1)} s; came as far as`, reached);
  console.log(`the slowest: ${ms.toFixed(1)} ms, ${qdata.length} characters:`, qdata.slice(0, 200));
});

const MIB = 1024 * 1024;

type Fill = (length: number) => string;

/** `piece` again and again, as often as it fits. */
function filled(open: string, piece: string, close: string): Fill {
  return (length) =>
    open + piece.repeat((length - open.length - close.length) / piece.length) + close;
}

/** Different names, as many as there is room for. */
function manyNames(length: number): string {
  const members = Array.from({ length: length / 12 }, (_, at) => `"${at.toString(36)}":"x"`);
  return `{${members.join(",")}}`;
}

const NO_QUERIES: { readonly [what: string]: Fill } = {
  "escaped backslashes": filled("", "\\\\", ""),
  "escaped bytes": filled("", "\\x41", ""),
  "bytes that are no UTF-8": filled("", "\\xff", ""),
  "members that are no JSON": filled("[", '"{",', "0]"),
  "members that are": filled("[", '"[]",', "0]"),
  "empty objects": filled("[", "{},", "0]"),
  "different names": manyNames,
  "one name": filled("{", '"data":1,', '"data":1}'),
  "open brackets": filled("", "[", ""),
  "groups of brackets": filled("[", `${"[".repeat(90)}${"]".repeat(90)},`, "0]"),
  "long numbers": filled("[", "9".repeat(MIB / 4) + ",", "0]"),
  "one number": filled("", "9", ""),
  "one exponent": filled("1e", "9", ""),
  "blanks": filled("", " ", ""),
};

const QUERIES: { readonly [what: string]: Fill } = {
  "blanks in from": filled('"from":"', " ", '"'),
  "blanks in last": filled('"last":"1', " ", 'x"'),
  "escapes in data": filled('"data":"', "\\\\\\\\u0022", '"'),
  "a time zone": filled('"tzname":"', "A/", '"'),
  "a hash": filled('"_hash":"', "a", '"'),
  "a name": filled('"', "a", '":1'),
};

// The least of these sizes is within what query data may have, the largest near what a document may.
for (const size of [4 * MIB - 100, 15 * MIB]) {
  for (const [what, fill] of Object.entries(NO_QUERIES)) {
    Deno.test(`${size} characters are refused in less than a second: ${what}`, () => {
      const qdata = `b'${fill(size)}'`;
      const ms = timeOf(() => ok(["bytes", "text", "value"].includes(decode(qdata))));
      ok(ms < 1000, `${ms} ms`);
    });
  }
}

for (const [what, fill] of Object.entries(QUERIES)) {
  Deno.test(`a field of 4 MiB is looked at in less than a second: ${what}`, () => {
    const qdata = `b'{"sub_type":"ip","data":1,${fill(4 * MIB - 100)}}'`;
    const ms = timeOf(() => ok(["value", "query", "range"].includes(decode(qdata))));
    ok(ms < 1000, `${ms} ms`);
  });
}
