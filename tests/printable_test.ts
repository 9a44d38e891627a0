import assert from "node:assert/strict";
import fc from "fast-check";
import { printable } from "../lib/printable.ts";

const cases: [name: string, text: string, shown: string][] = [
  ["letters of any script", "naïve 端 🦊", "naïve 端 🦊"],
  ["line ends", "a\r\nb", "a\\u000d\\u000ab"],
  ["escape sequences", "\x1b[2J", "\\u001b[2J"],
  ["C1 controls", "\x9b2J\x7f", "\\u009b2J\\u007f"],
  ["line separators", "a\u2028b\u2029c\u0085d", "a\\u2028b\\u2029c\\u0085d"],
  ["right-to-left override", "gpj.\u202eexe", "gpj.\\u202eexe"],
];

for (const [name, text, shown] of cases) {
  Deno.test(`printable: ${name}`, () => {
    assert.equal(printable(text), shown);
  });
}

Deno.test("printable leaves one line without controls of any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.doesNotMatch(printable(text), /\p{Cc}|[\u2028\u2029]/u);
  }));
});
