import { deepEqual, throws } from "../../assert.ts";
import fc from "fast-check";
import { ITEM, parsePattern } from "../../../lib/typetags/stix/pattern.ts";

const comparison = (type: string, path: readonly (string | typeof ITEM)[], value: unknown) => ({
  type,
  path,
  value,
});
const ip = (value: string) => comparison("ipv4-addr", ["value"], value);

Deno.test("parsePattern reads what must hold together, and the alternatives", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["[ipv4-addr:value = '192.0.2.1']", [[ip("192.0.2.1")]]],
    [" [ ipv4-addr : value='192.0.2.1' ]\n", [[ip("192.0.2.1")]]],
    ["/* a ** b */[ipv4-addr:value // it's\n = '/*1*/'] // end", [[ip("/*1*/")]]],
    ["[ipv4-addr:value == 'a' OR ipv4-addr:value = 'b']", [[ip("a")], [ip("b")]]],
    ["[ipv4-addr:value = 'a'] OR ([ipv4-addr:value = 'b'])", [[ip("a")], [ip("b")]]],
    ["[ipv4-addr:value IN ('a', 'b')]", [[ip("a")], [ip("b")]]],
    ["[ipv4-addr:value in ('a')] or [ipv4-addr:value = 'b' and ipv4-addr:value = 'c']", [
      [ip("a")],
      [ip("b"), ip("c")],
    ]],
    ["[ipv4-addr:value = 'a' AND ipv4-addr:value = 'b' OR ipv4-addr:value = 'c']", [
      [ip("a"), ip("b")],
      [ip("c")],
    ]],
    ["[ipv4-addr:value = 'a' AND (ipv4-addr:value = 'b' OR ipv4-addr:value = 'c')]", [
      [ip("a"), ip("b")],
      [ip("a"), ip("c")],
    ]],
    ["[file:hashes.'SHA-256' = 'ab']", [[comparison("file", ["hashes", "SHA-256"], "ab")]]],
    [`[file:hashes."SHA-256" = "ab"]`, [[comparison("file", ["hashes", "SHA-256"], "ab")]]],
    ["[file:hashes.SHA-256 = 'ab']", [[comparison("file", ["hashes", "SHA-256"], "ab")]]],
    ["[file:hashes['SHA-256'] = 'ab']", [[comparison("file", ["hashes", "SHA-256"], "ab")]]],
    [String.raw`[file:name = 'it\'s \\']`, [[comparison("file", ["name"], "it's \\")]]],
    [String.raw`[file:name = 'C:\temp\\new']`, [[comparison("file", ["name"], "C:\\temp\\new")]]],
    ["[email-message:to_refs[*].value = 'a']", [
      [comparison("email-message", ["to_refs", ITEM, "value"], "a")],
    ]],
    ["[process:arguments[0] = 'a']", [[comparison("process", ["arguments", ITEM], "a")]]],
    ["[file:size = -5]", [[comparison("file", ["size"], -5n)]]],
    ["[file:size = 5.0]", [[comparison("file", ["size"], 5)]]],
    ["[x-a:b = true]", [[comparison("x-a", ["b"], true)]]],
    ["[x-a:b = t'2024-01-01T00:00:00Z']", [[comparison("x-a", ["b"], "2024-01-01T00:00:00Z")]]],
  ];
  for (const [pattern, conjunctions] of cases) deepEqual(parsePattern(pattern), conjunctions);
});

Deno.test("parsePattern names the feature that it does not support", () => {
  const one = "[a:b = 'c']";
  const cases: readonly (readonly [string, string])[] = [
    [`${one} AND ${one}`, "AND of observations"],
    [`${one} FOLLOWEDBY ${one}`, "FOLLOWEDBY"],
    [`(${one}) WITHIN 5 SECONDS`, "WITHIN"],
    [`${one} REPEATS 5 TIMES`, "REPEATS"],
    [`${one} START t'2024-01-01T00:00:00Z' STOP t'2024-01-02T00:00:00Z'`, "START"],
    ["[a:b != 'c']", "!="],
    ["[a:b <> 'c']", "<>"],
    ["[a:b >= 5]", ">="],
    ["[a:b NOT = 'c']", "NOT"],
    ["[NOT a:b = 'c']", "NOT"],
    ["[a:b like 'c%'] within 5 seconds", "LIKE"],
    ["[a:b LIKE 'c%']", "LIKE"],
    ["[a:b MATCHES '^c']", "MATCHES"],
    ["[a:b ISSUBSET '192.0.2.0/24']", "ISSUBSET"],
    ["[EXISTS a:b]", "EXISTS"],
    ["[a:b = h'00']", "binary literal"],
    [`[a:b${".b".repeat(12)} = 'c']`, "long path"],
    [`${"(".repeat(40)}${one}${")".repeat(40)}`, "deep nesting"],
    [`[${Array(300).fill("a:b = 'c'").join(" AND ")}]`, "AND of many comparisons"],
    [`[a:b IN ('1'${",'1'".repeat(300)}) AND a:b = 'c']`, "AND of many ORs"],
  ];
  for (const [pattern, message] of cases) {
    throws(() => parsePattern(pattern), { name: "RangeError", message });
  }
});

Deno.test("parsePattern refuses a string that is not a pattern", () => {
  const texts = ["", "[", "[]", "a:b = 'c'", "[a:b = 'c'", "[a:b = c]", "[a = 'c']", "[a:b 'c']"];
  const more = [
    "[a:b = 'c'] 'd'",
    "[a:b = 'c'] XOR [a:b = 'd']",
    "[a:b == = 'c']",
    "[a:b = 'c\\']",
  ];
  for (const text of [...texts, ...more, "[a:b = \u0000]", "[a:b IN ()]"]) {
    throws(() => parsePattern(text), { name: "SyntaxError", message: "not a pattern" }, text);
  }
});

Deno.test("parsePattern reads any string that is escaped as the language requires", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const literal = text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
    deepEqual(parsePattern(`[url:value = '${literal}']`), [[comparison("url", ["value"], text)]]);
  }));
});

Deno.test("parsePattern throws only SyntaxError and RangeError for any string", () => {
  const pieces = [
    "[",
    "]",
    "(",
    ")",
    "a",
    ":",
    ".",
    "=",
    "!=",
    "'b'",
    "'",
    "5",
    "AND",
    "OR",
    "NOT",
  ];
  const piece = fc.oneof(fc.constantFrom(...pieces, " ", "*", "IN", ",", "t", "\\"), fc.string());
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    try {
      parsePattern(pieces.join(" "));
    } catch (error) {
      const { name } = error as Error;
      deepEqual(["SyntaxError", "RangeError"].includes(name), true, String(error));
    }
  }));
});
