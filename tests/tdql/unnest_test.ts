import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { decanonical } from "../../lib/tahoe/canonical.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { parseBytesLiteral } from "../../lib/tdql/bytes_literal.ts";
import { unnestQueryData } from "../../lib/tdql/unnest.ts";
import { QueryError } from "../../lib/tdql/query_error.ts";
import { type Query, readQuery } from "../../lib/tdql/query.ts";
import { isBytesLiteral } from "./bytes_literal.ts";
import { hostileTexts } from "./hostile_text.ts";

function refuses(text: string, why: RegExp) {
  throws(() => unnestQueryData(text), (error) => {
    ok(error instanceof QueryError);
    equal(error.kind, "ValidationError");
    ok(why.test(error.message), error.message);
    return true;
  });
}

const fields = (value: Value) => ({ ...(value as { [name: string]: Value }) });

Deno.test("unnestQueryData reads each field once, and what is no JSON is text", () => {
  const text =
    String.raw`{"a": "\"5\"", "b": "5", "c": "1.1.1.1", "d": "null", "e": "5.0", "f": 5,` +
    String.raw`"g": "\"null\"", "h": "[1", "i": "", "__proto__": "true"}`;
  const value = unnestQueryData(text);
  const expected = { a: "5", b: 5n, c: "1.1.1.1", d: null, e: 5, f: 5n, g: "null", h: "[1", i: "" };
  deepEqual(fields(value), { ...expected, ["__proto__"]: true });
});

Deno.test("unnestQueryData says why it cannot read a text, and nothing of it", () => {
  for (const text of ["", "secret", '{"secret": 1', "{'secret': 1}"]) {
    refuses(text, /^query data cannot be read: it is not JSON$/);
  }
});

Deno.test("unnestQueryData refuses what is more than query data, and takes what just is not", () => {
  const members = (count: number) => `[${Array(count).fill(0).join(",")}]`;
  const table: [(size: number) => string, number, RegExp][] = [
    [members, 100, /more than 100 members/],
    [(count) => JSON.stringify({ data: members(count) }), 100, /more than 100 members/],
    [(digits) => `{"data": ${"9".repeat(digits)}}`, 1000, /more than 1000 digits/],
    [(digits) => `{"data": "${"9".repeat(digits)}"}`, 1000, /more than 1000 digits/],
    [(length) => `"${"x".repeat(length - 2)}"`, 4 * 1024 * 1024, /longer than 4194304/],
  ];
  for (const [make, most, why] of table) {
    unnestQueryData(make(most));
    refuses(make(most + 1), why);
  }
});

Deno.test("unnestQueryData agrees with decanonical on all that readQuery takes", () => {
  let taken = 0;
  fc.assert(
    fc.property(hostileTexts, (qdata) => {
      if (qdata.length > 4000 || !isBytesLiteral(qdata)) return;
      const text = new TextDecoder().decode(parseBytesLiteral(qdata));
      for (const qtype of ["count", "related", "threatrank"]) {
        const expected = attempt(() => readQuery(qtype, decanonical(text)));
        const query = attempt(() => readQuery(qtype, unnestQueryData(text)));
        if (!hasLongNumber(expected)) deepEqual(query, expected, text);
        if (query !== undefined) taken++;
      }
    }),
    { seed: 20260116, numRuns: 5000 },
  );
  ok(taken > 500, String(taken));
});

/** The query; undefined if it is refused. */
function attempt(read: () => Query): Query | undefined {
  try {
    return read();
  } catch (error) {
    ok(error instanceof QueryError, String(error));
    return undefined;
  }
}

function hasLongNumber(query: Query | undefined): boolean {
  return query !== undefined && query.qtype !== "threatrank" &&
    typeof query.data === "bigint" && String(query.data).length > 1000;
}
