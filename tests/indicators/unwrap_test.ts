import { equal } from "../assert.ts";
import { unwrap } from "../../lib/indicators/unwrap.ts";

const CASES: readonly (readonly [pasted: string, plain: string])[] = [
  ["203.0.113.66", "203.0.113.66"],
  [" '203.0.113.66', ", "203.0.113.66"],
  ["203[.]0[.]113[.]66.", "203.0.113.66"],
  ["(203.0.113.66)", "203.0.113.66"],
  ["[203.0.113.66]", "203.0.113.66"],
  ["[2001:db8::1]", "[2001:db8::1]"],
  ["<http://example.com/a>", "http://example.com/a"],
  ["hxxp://example[.]com/a.", "http://example.com/a"],
  ["http://example.com/a,b;", "http://example.com/a,b;"],
  ["http://example.com/..", "http://example.com/.."],
  ["example.com.", "example.com."],
  ["<user@example.com>", "user@example.com"],
  ["name (1).exe", "name (1).exe"],
  ["", ""],
];

for (const [pasted, plain] of CASES) {
  Deno.test(`unwrap takes ${JSON.stringify(pasted)} for ${JSON.stringify(plain)}`, () => {
    equal(unwrap(pasted), plain);
  });
}
