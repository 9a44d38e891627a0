import { doesNotMatch, equal } from "./assert.ts";
import fc from "fast-check";
import { printable } from "../lib/printable.ts";

const CASES: [name: string, text: string, escaped: string][] = [
  ["letters of any script", "naïve 端 🦊", "naïve 端 🦊"],
  ["line ends", "a\r\nb", "a\\u000d\\u000ab"],
  ["escape sequences", "\x1b[2J", "\\u001b[2J"],
  ["C1 controls", "\x9b2J\x7f", "\\u009b2J\\u007f"],
  ["line separators", "a\u2028b\u2029c\u0085d", "a\\u2028b\\u2029c\\u0085d"],
  ["right-to-left override", "gpj.\u202eexe", "gpj.\\u202eexe"],
];

for (const [name, text, escaped] of CASES) {
  Deno.test(`printable handles ${name}`, () => {
    equal(printable(text), escaped);
  });
}

Deno.test("printable turns any text into one line without control characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    doesNotMatch(printable(text), /\p{Cc}|[\u2028\u2029]/u);
  }));
});
