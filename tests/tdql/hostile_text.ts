import fc from "fast-check";
import { canonicalForm } from "../../lib/tahoe/canonical.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { writeBytesLiteral } from "../../lib/tdql/bytes_literal.ts";
import { values } from "../tahoe/arbitrary_value.ts";

/** Numbers of repetitions: mostly small, sometimes thousands. */
const counts = fc.oneof(
  { arbitrary: fc.nat(12), weight: 30 },
  { arbitrary: fc.nat(300), weight: 5 },
  { arbitrary: fc.nat(5000), weight: 1 },
);

/** Joins pieces in random order. */
function joined(pieces: readonly string[], maxLength = 12): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(""));
}

/** Repeats one piece, between others. */
function repeated(pieces: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(joined(pieces, 4), fc.constantFrom(...pieces), counts, joined(pieces, 4))
    .map(([before, piece, count, after]) => before + piece.repeat(count) + after);
}

const digits = fc.oneof(
  fc.nat().map(String),
  fc.tuple(fc.constantFrom("0", "1", "9", "12345678901234567890"), counts)
    .map(([piece, count]) => piece.repeat(count)),
);

/** Numbers, whole or not, of any length, with exponents of any length. */
const numbers = fc.tuple(
  fc.constantFrom("", "-", "+", "--"),
  digits,
  fc.oneof(fc.constant(""), digits.map((text) => `.${text}`)),
  fc.oneof(
    fc.constant(""),
    fc.tuple(fc.constantFrom("e", "E", "e+", "e-", "e--"), digits).map((parts) => parts.join("")),
  ),
).map((parts) => parts.join(""));

const surrogates = joined([
  "\ud800",
  "\udfff",
  "\ud83d",
  "\ude00",
  "\u0000",
  "\ufeff",
  "\u202e",
  "é",
]);

const DATE_PIECES = [
  ..."2020 05 21 13 99999 0 1 - / . : , T Z + -07:00 +99:99 am pm May september Thu GMT UTC EST"
    .split(" "),
  " ",
  "\t",
  "\u00a0",
  "\u0663",
];

const dates = fc.oneof(
  fc.constantFrom("", "2020-05-21 02:00", "21 May 2020 5pm", "2020-05-21T02:00:00+05:30", "1e3"),
  joined(DATE_PIECES, 10),
  repeated(DATE_PIECES),
  numbers,
  fc.string({ maxLength: 20 }),
);

const durations = fc.oneof(
  fc.constantFrom("", "10d", "3 hours", "-1 M"),
  fc.tuple(numbers, repeated([" ", "\t", "\n", ""]), fc.constantFrom("d", "days", "Y", "fortnight"))
    .map((parts) => parts.join("")),
  repeated(["1", "d", " ", "days", "+", "-"]),
);

const zones = fc.oneof(
  fc.constantFrom("UTC", "europe/london", "Pacific/Apia", "Etc/GMT+14", "Etc/GMT+99", "EST5EDT"),
  repeated(["America/", "Los_Angeles", "GMT", "+", "-05", "/", "..", "\u0000", "İ", "posix/"]),
  dates,
);

/** Values that a field should not have. */
const oddValues: fc.Arbitrary<Value> = fc.oneof(
  values,
  surrogates,
  numbers,
  digits.filter((text) => text !== "").map(BigInt),
  fc.double(),
  dates,
  fc.constantFrom<Value>("a".repeat(64) + "\n", "A".repeat(63), "ip\u0000", "__proto__", [], {}),
);

const hashes = fc.constantFrom("a".repeat(64), "0123456789ABCDEF".repeat(4));
const verdicts = fc.constantFrom("all", "benign", "malicious", "unknown");

/** Chooses a sound value in most cases. */
function mostly(sound: readonly string[], otherwise: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ arbitrary: fc.constantFrom(...sound), weight: 3 }, otherwise);
}

const soundQuestions = fc.record<{ [name: string]: Value }>({
  sub_type: fc.constantFrom("ip", "ipv4", "domain", "url", "body"),
  data: fc.oneof(fc.string(), fc.bigInt(), fc.double(), fc.boolean(), fc.constant(null)),
  from: mostly(["", "2020-05-21 02:00", "1e3"], dates),
  to: mostly(["", "21 May 2020 5pm", "2020-05-21T02:00:00+05:30"], dates),
  last: mostly(["", "", "10d"], durations),
  tzname: mostly(["UTC", "europe/london", "Pacific/Apia"], zones),
  category: verdicts,
  context: verdicts,
  return_type: fc.constantFrom("all", "attribute", "event", "object", "session"),
  level: fc.bigInt(1n, 3n),
  page: fc.bigInt(1n, 2n ** 53n - 1n),
  summary: fc.boolean(),
  summary_graph: fc.boolean(),
  _hash: hashes,
}, { requiredKeys: ["sub_type", "data"] });

const FIELDS = [
  ..."sub_type data from to last tzname category context return_type level page".split(" "),
  ..."summary summary_graph _hash extra __proto__ constructor \u0000".split(" "),
];

const brokenQuestions = fc.tuple(soundQuestions, fc.constantFrom(...FIELDS), oddValues)
  .map(([question, name, value]) => ({ ...question, [name]: value }));

const canonicalQuestions = fc.oneof(soundQuestions, brokenQuestions).map((question) =>
  canonicalForm(question)
);

/** Questions as plain JSON: their members are not strings, and white space is not canonical. */
const plainQuestions = fc.oneof(soundQuestions, brokenQuestions).map((question) =>
  JSON.stringify(question, (_, value) => typeof value === "bigint" ? Number(value) : value, " ")
);

const nested = fc.tuple(
  fc.constantFrom(["[", "]"], ['{"data":', "}"], ['[{"":', "}]"], ["[[", ""], ["", "}]"]),
  counts,
  fc.oneof(numbers, fc.constantFrom("", "1", '"x"', "{")),
).map(([[open, close], depth, inner]) => open!.repeat(depth) + inner + close!.repeat(depth));

/** JSON texts inside JSON texts, escaped once more at each level. */
const nestedTexts = fc.tuple(
  fc.oneof(
    canonicalQuestions,
    nested.filter((text) => text.length < 400),
    joined(['"', "\\", "[", "1"]),
  ),
  fc.array(fc.constantFrom("text", "list", "data", "sub_type"), { maxLength: 6 }),
).map(([text, levels]) =>
  levels.reduce((inner, level) => {
    if (level === "text") return JSON.stringify(inner);
    return JSON.stringify(level === "list" ? [inner, inner.slice(1)] : { [level]: inner });
  }, text)
);

const members = fc.tuple(
  fc.constantFrom("0", '"x"', '"{"', '""', "[]", '"[]"', "{}", '"\\""'),
  counts,
)
  .map(([member, count]) => `[${Array(count + 1).fill(member).join(",")}]`);

const properties = fc.tuple(fc.constantFrom("0", '"x"', '"1"', "{}"), counts)
  .map(([member, count]) =>
    `{${Array.from({ length: count + 1 }, (_, i) => `"${i}":${member}`).join(",")}}`
  );

const JSON_PIECES = [
  '"',
  "\\",
  "\\u0000",
  "\\ud800",
  "\\u",
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "e",
  "-",
];

const plaintexts = fc.oneof(
  { arbitrary: canonicalQuestions, weight: 6 },
  { arbitrary: plainQuestions, weight: 3 },
  nestedTexts,
  nested,
  members,
  properties,
  values.map((value) => canonicalForm(value)),
  numbers,
  fc.oneof(dates, durations, zones).map((text) => JSON.stringify({ from: text, tzname: text })),
  repeated([...JSON_PIECES, "0", "true", "NaN", " "]),
  joined(JSON_PIECES, 40),
  fc.string({ unit: "binary" }),
);

const literals = plaintexts.map((text) => writeBytesLiteral(new TextEncoder().encode(text)));

const LITERAL_PIECES = [
  ..."b ' \" \\ \\\\ \\x \\x4 \\x41 \\xff \\xed\\xa0\\x80 \\xc3\\xa9 \\x00 \\' \\\" \\n \\t \\0"
    .split(" "),
  ..."\\N{DASH} \\u0041 n { } [ ] : , 0 ( ) # é % + * eval() __import__('os') b' b\" rb' ''' f'{"
    .split(" "),
  " ",
  "\n",
  "\r",
  "\u0000",
  "\u2028",
  "\ud800",
];

/** Sound literals in which some pieces were removed, inserted or replaced. */
const mutatedLiterals = fc.tuple(
  literals,
  fc.array(
    fc.tuple(
      fc.nat(),
      fc.nat(8),
      fc.oneof(fc.constantFrom(...LITERAL_PIECES, ...JSON_PIECES), digits),
    ),
    { minLength: 1, maxLength: 4 },
  ),
).map(([literal, changes]) =>
  changes.reduce((text, [offset, length, piece]) => {
    const start = offset % (text.length + 1);
    return text.slice(0, start) + piece + text.slice(start + length);
  }, literal)
);

/** Texts that a stranger may have put in the place of query data, from valid to senseless. */
export const hostileTexts: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: literals, weight: 8 },
  { arbitrary: mutatedLiterals, weight: 4 },
  fc.oneof(joined(LITERAL_PIECES), repeated(LITERAL_PIECES)),
  fc.oneof(joined(LITERAL_PIECES), repeated(LITERAL_PIECES)).map((text) => `b'${text}'`),
  fc.uint8Array({ maxLength: 300 }).map(writeBytesLiteral),
  fc.string({ unit: "binary" }),
);
