import { equal, ok } from "../assert.ts";
import fc from "fast-check";
import type { Value } from "../../lib/tahoe/value.ts";
import { parseBytesLiteral } from "../../lib/tdql/bytes_literal.ts";
import { type Query, readQuery } from "../../lib/tdql/query.ts";
import { QueryError } from "../../lib/tdql/query_error.ts";
import { timeRange } from "../../lib/tdql/time_range.ts";
import { unnestQueryData } from "../../lib/tdql/unnest.ts";
import { isBytesLiteral } from "./bytes_literal.ts";
import { hostileTexts } from "./hostile_text.ts";

/** Set by `deno task test:hostile` to a million: it takes minutes, and reports the slowest text. */
const requested = Deno.env.get("CYBEXP_HOSTILE_TEXTS");
const TEXT_COUNT = Number(requested ?? 20_000);

const QTYPES = ["count", "related", "threatrank", "__proto__"];
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How far a text came through decoding. */
type Stage = "nothing" | "bytes" | "text" | "value" | "query" | "range";

/** Returns the result of `run`; undefined if it throws an error of the expected class. */
function attempt<Result>(
  run: () => Result,
  refusal: new (...args: never[]) => Error,
): Result | undefined {
  try {
    return run();
  } catch (error) {
    ok(error instanceof refusal, String(error));
    return undefined;
  }
}

/** Does everything that is done with query data that is not encrypted; returns how far it came. */
function decode(qdata: string): Stage {
  const bytes = attempt(() => parseBytesLiteral(qdata), SyntaxError);
  if (bytes === undefined) return "nothing";
  const text = attempt(() => UTF8.decode(bytes), TypeError);
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

/** Returns the milliseconds that the work takes; of several attempts while other tests take the cores. */
function timeOf(work: () => void): number {
  let least = Infinity;
  for (let attempt = 0; attempt < 5 && least >= 1000; attempt++) {
    const started = performance.now();
    work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

Deno.test(`${TEXT_COUNT} hostile texts are read or refused, each in less than a second`, () => {
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
  const started = performance.now();
  fc.assert(property, { seed: 20260115, numRuns: TEXT_COUNT });
  const all = performance.now() - started;
  for (const [stage, count] of Object.entries(reached)) {
    ok(count >= TEXT_COUNT / 1000, `${stage}: ${count}`);
  }
  if (requested === undefined) return;
  const { ms, qdata } = slowest;
  console.log(`${TEXT_COUNT} texts in ${(all / 1000).toFixed(1)} s; stages reached:`, reached);
  console.log(`slowest: ${ms.toFixed(1)} ms, ${qdata.length} characters:`, qdata.slice(0, 200));
});

const MIB = 1024 * 1024;

/** Makes a text of about this length. */
type Fill = (length: number) => string;

/** Repeats `piece` as often as it fits. */
function repeat(open: string, piece: string, close: string): Fill {
  return (length) =>
    open + piece.repeat((length - open.length - close.length) / piece.length) + close;
}

/** Makes an object with as many different names as fit. */
function manyNames(length: number): string {
  const members = Array.from({ length: length / 12 }, (_, i) => `"${i.toString(36)}":"x"`);
  return `{${members.join(",")}}`;
}

const REFUSED: { readonly [what: string]: Fill } = {
  "escaped backslashes": repeat("", "\\\\", ""),
  "escaped bytes": repeat("", "\\x41", ""),
  "bytes that are not UTF-8": repeat("", "\\xff", ""),
  "members that are not JSON": repeat("[", '"{",', "0]"),
  "members that are JSON": repeat("[", '"[]",', "0]"),
  "empty objects": repeat("[", "{},", "0]"),
  "different names": manyNames,
  "one name": repeat("{", '"data":1,', '"data":1}'),
  "open brackets": repeat("", "[", ""),
  "groups of brackets": repeat("[", `${"[".repeat(90)}${"]".repeat(90)},`, "0]"),
  "long numbers": repeat("[", "9".repeat(MIB / 4) + ",", "0]"),
  "one number": repeat("", "9", ""),
  "one exponent": repeat("1e", "9", ""),
  "blanks": repeat("", " ", ""),
};

const LONG_FIELDS: { readonly [what: string]: Fill } = {
  "blanks in from": repeat('"from":"', " ", '"'),
  "blanks in last": repeat('"last":"1', " ", 'x"'),
  "escapes in data": repeat('"data":"', "\\\\\\\\u0022", '"'),
  "a time zone": repeat('"tzname":"', "A/", '"'),
  "a hash": repeat('"_hash":"', "a", '"'),
  "a name": repeat('"', "a", '":1'),
};

// The first size is just within the limit of query data, the second one near that of a document.
for (const size of [4 * MIB - 100, 15 * MIB]) {
  for (const [what, fill] of Object.entries(REFUSED)) {
    Deno.test(`${size} characters are refused in less than a second: ${what}`, () => {
      const qdata = `b'${fill(size)}'`;
      const ms = timeOf(() => ok(["bytes", "text", "value"].includes(decode(qdata))));
      ok(ms < 1000, `${ms} ms`);
    });
  }
}

for (const [what, fill] of Object.entries(LONG_FIELDS)) {
  Deno.test(`a field of 4 MiB is checked in less than a second: ${what}`, () => {
    const qdata = `b'{"sub_type":"ip","data":1,${fill(4 * MIB - 100)}}'`;
    const ms = timeOf(() => ok(["value", "query", "range"].includes(decode(qdata))));
    ok(ms < 1000, `${ms} ms`);
  });
}
