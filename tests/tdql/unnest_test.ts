import { deepEqual, equal, ok, throws } from "../assert.ts";
import fc from "fast-check";
import { decodeCanonicalForm } from "../../lib/tahoe/canonical.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { parseBytesLiteral } from "../../lib/tdql/bytes_literal.ts";
import { type Query, readQuery } from "../../lib/tdql/query.ts";
import { QueryError } from "../../lib/tdql/query_error.ts";
import { unnestQueryData } from "../../lib/tdql/unnest.ts";
import { isBytesLiteral } from "./bytes_literal.ts";
import { hostileTexts } from "./hostile_text.ts";

function assertRefused(text: string, reason: RegExp) {
  throws(() => unnestQueryData(text), (error) => {
    ok(error instanceof QueryError);
    equal(error.kind, "ValidationError");
    ok(reason.test(error.message), error.message);
    return true;
  });
}

/** Copies an object without prototype into a plain one. */
function toPlainObject(value: Value) {
  return { ...(value as { [name: string]: Value }) };
}

Deno.test("unnestQueryData reads each field once as JSON, or keeps it as a string", () => {
  const text =
    String.raw`{"a": "\"5\"", "b": "5", "c": "1.1.1.1", "d": "null", "e": "5.0", "f": 5,` +
    String.raw`"g": "\"null\"", "h": "[1", "i": "", "__proto__": "true"}`;
  const value = unnestQueryData(text);
  const expected = { a: "5", b: 5n, c: "1.1.1.1", d: null, e: 5, f: 5n, g: "null", h: "[1", i: "" };
  deepEqual(toPlainObject(value), { ...expected, ["__proto__"]: true });
});

Deno.test("unnestQueryData says why it cannot read a text, without quoting it", () => {
  for (const text of ["", "secret", '{"secret": 1', "{'secret': 1}"]) {
    assertRefused(text, /^query data cannot be read: it is not JSON$/);
  }
});

Deno.test("unnestQueryData refuses what exceeds its limits, and reads what just keeps them", () => {
  const members = (count: number) => `[${Array(count).fill(0).join(",")}]`;
  const table: [(size: number) => string, number, RegExp][] = [
    [members, 100, /more than 100 members/],
    [(count) => JSON.stringify({ data: members(count) }), 100, /more than 100 members/],
    [(digits) => `{"data": ${"9".repeat(digits)}}`, 1000, /more than 1000 digits/],
    [(digits) => `{"data": "${"9".repeat(digits)}"}`, 1000, /more than 1000 digits/],
    [(length) => `"${"x".repeat(length - 2)}"`, 4 * 1024 * 1024, /longer than 4194304/],
  ];
  for (const [make, most, reason] of table) {
    unnestQueryData(make(most));
    assertRefused(make(most + 1), reason);
  }
});

Deno.test("unnestQueryData agrees with decodeCanonicalForm on everything that readQuery accepts", () => {
  let accepted = 0;
  fc.assert(
    fc.property(hostileTexts, (qdata) => {
      if (qdata.length > 4000 || !isBytesLiteral(qdata)) return;
      const text = new TextDecoder().decode(parseBytesLiteral(qdata));
      for (const qtype of ["count", "related", "threatrank"]) {
        const expected = attempt(() => readQuery(qtype, decodeCanonicalForm(text)));
        const query = attempt(() => readQuery(qtype, unnestQueryData(text)));
        if (!hasLongNumber(expected)) deepEqual(query, expected, text);
        if (query !== undefined) accepted++;
      }
    }),
    { seed: 20260116, numRuns: 5000 },
  );
  ok(accepted > 500, String(accepted));
});

/** Returns the query; undefined if it is refused. */
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
    typeof query.asked.data === "bigint" && String(query.asked.data).length > 1000;
}
