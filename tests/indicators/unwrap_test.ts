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
  ["\u201c203.0.113.66\u201d", "203.0.113.66"],
  ["\u2018evil.example.com\u2019,", "evil.example.com"],
  ["\u00ab203.0.113.66\u00bb", "203.0.113.66"],
  ["\u202a203.0.113.66\u202c", "203.0.113.66"],
  ["\u2066203.0.113.66\u2069\u00a0", "203.0.113.66"],
  ["evil.example.com\u200d", "evil.example.com"],
  ["\u2022 203.0.113.66", "203.0.113.66"],
  ["203.0.113.66|", "203.0.113.66"],
  ["evil.example.com?", "evil.example.com"],
  ["CVE-2021-44228:", "CVE-2021-44228"],
  ["2001:db8::", "2001:db8::"],
  ["||evil.example.com^", "evil.example.com"],
  ["\uff12\uff10\uff13\uff0e0.113.66", "203.0.113.66"],
  ["evil\u3002example\uff0ecom", "evil.example.com"],
  ["ann\uff20example.com", "ann@example.com"],
  ["http://example.com/\uff01", "http://example.com/\uff01"],
  ["http:\\\\example.com\\a", "http://example.com/a"],
  ["hxxp:// example.com/a", "http://example.com/a"],
  ["http%3A%2F%2Fexample.com%2Fa", "http://example.com/a"],
  ["http%3A%2F%2Fexample.com%2", "http%3A%2F%2Fexample.com%2"],
  ['http://example.com/a">', "http://example.com/a"],
  ["http://example.com/a?", "http://example.com/a?"],
  ["44d88612 fea8a8f3 6de82e12 78abb02f", "44d88612fea8a8f36de82e1278abb02f"],
  ["44:d8:86:12:fe:a8:a8:f3:6d:e8:2e:12:78:ab:b0:2f", "44d88612fea8a8f36de82e1278abb02f"],
  ["0x44d88612fea8a8f36de82e1278abb02f", "44d88612fea8a8f36de82e1278abb02f"],
  ["2001:0db8:0000:0000:0000:0000:0000:000a", "2001:0db8:0000:0000:0000:0000:0000:000a"],
  ["00:00:5e:00:53:01", "00:00:5e:00:53:01"],
  ["1234 5678 9012 3456 1234 5678 9012 3456", "1234 5678 9012 3456 1234 5678 9012 3456"],
  ["name?", "name"],
  ["", ""],
];

for (const [pasted, plain] of CASES) {
  Deno.test(`unwrap takes ${JSON.stringify(pasted)} for ${JSON.stringify(plain)}`, () => {
    equal(unwrap(pasted), plain);
  });
}
