import { deepEqual, throws } from "../../assert.ts";
import fc from "fast-check";
import { type JsonVisitor, JsonWalker } from "../../../lib/lake/connected/json_walker.ts";

/** Goes into everything down to a depth, and notes the text of what is inside. */
function walk(text: string, depth: number, pieceBytes: number): unknown[] {
  const bytes = new TextEncoder().encode(text);
  const found: unknown[] = [];
  const textOf = ({ start, length }: { start: number; length: number }) =>
    new TextDecoder().decode(bytes.subarray(start, start + length));
  const visitor: JsonVisitor<number> = {
    enter: (_kind, container = 0) => container < depth ? container + 1 : undefined,
    open: (role) => found.push(["open", role]),
    close: (role, span) => found.push(["close", role, JSON.parse(textOf(span))]),
    value: (role, key, span) => found.push([role, key, JSON.parse(textOf(span))]),
  };
  const walker = new JsonWalker(visitor);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    walker.write(bytes.subarray(at, at + pieceBytes));
  }
  walker.end();
  return found;
}

/** What `walk` finds, from the parsed value. */
function walkValue(value: object, depth: number, level = 1): unknown[] {
  const inside = Object.entries(value).flatMap(([key, member]) =>
    typeof member === "object" && member !== null && level < depth
      ? walkValue(member, depth, level + 1)
      : [[level, Array.isArray(value) ? undefined : key, member]]
  );
  return [["open", level], ...inside, ["close", level, value]];
}

const containers = fc.oneof(
  fc.array(fc.jsonValue({ noUnicodeString: false })),
  fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ noUnicodeString: false })),
).map((value) => JSON.stringify(value));

Deno.test("JsonWalker finds every key and value, however the bytes arrive", () => {
  const places = [
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 9 }),
    fc.nat(2),
  ] as const;
  fc.assert(
    fc.property(containers, ...places, (json, depth, pieceBytes, indent) => {
      const value = JSON.parse(json);
      const text = ` ${JSON.stringify(value, null, indent)}\n`;
      deepEqual(walk(text, depth, pieceBytes), walkValue(value, depth));
    }),
  );
});

Deno.test("JsonWalker walks through several values one after the other", () => {
  deepEqual(walk('{"a": 1}\n[2]', 1, 100), [...walkValue({ a: 1 }, 1), ...walkValue([2], 1)]);
});

for (
  const text of [
    "[1, ]2",
    "{1: 2}",
    '{"a" 1}',
    "[1 2]",
    "[1}",
    "5",
    "<html>",
    "[1, 2",
    '{"a": "b',
    "]",
  ]
) {
  Deno.test(`JsonWalker refuses ${text}`, () => throws(() => walk(text, 2, 100), SyntaxError));
}
