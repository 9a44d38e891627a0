import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { importPrivateKey } from "../../lib/envelope/key.ts";
import { type Mode, openEnvelope } from "../../lib/envelope/open.ts";
import { canonical, decanonical } from "../../lib/tahoe/canonical.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import { parseBytesLiteral } from "../../lib/tdql/qdata.ts";
import { QueryError } from "../../lib/tdql/query_error.ts";
import { readQuery } from "../../lib/tdql/query.ts";
import { timeRange } from "../../lib/tdql/time_range.ts";
import { values } from "../tahoe/arbitrary_value.ts";
import { readVectors } from "../vectors.ts";
import { isBytesLiteral, writeBytesLiteral } from "./bytes_literal.ts";

type Literal = { text: string; bytes_b64: string };
type Vectors = {
  literals: Literal[];
  envelope_literals: (Literal & {
    key: string;
    mode: Mode;
    plaintext: string;
    qdata_json: string;
  })[];
  other_forms: { text: string; python_literal: { type?: string; bytes_b64?: string } }[];
  hostile: { text: string }[];
};

const vectors: Vectors = JSON.parse(await readVectors("qdata.json"));

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

Deno.test("parseBytesLiteral reads every literal of the vectors, and the tests' writer writes it", () => {
  ok(vectors.literals.length > 0);
  for (const { text, bytes_b64 } of [...vectors.literals, ...vectors.envelope_literals]) {
    equal(base64(parseBytesLiteral(text)), bytes_b64, text);
    equal(writeBytesLiteral(Buffer.from(bytes_b64, "base64")), text);
  }
});

Deno.test("parseBytesLiteral, openEnvelope and decanonical read every envelope of the vectors", async () => {
  ok(vectors.envelope_literals.length > 0);
  for (const { text, key, mode, plaintext, qdata_json } of vectors.envelope_literals) {
    const privateKey = await importPrivateKey(await readVectors(key));
    const opened = await openEnvelope(parseBytesLiteral(text), privateKey, { first: mode });
    equal(opened, plaintext);
    equal(canonical(decanonical(opened)), canonical(parseJson(qdata_json)));
  }
});

Deno.test("parseBytesLiteral reads other forms of the vectors as what they are, or refuses them", () => {
  ok(vectors.other_forms.length > 0);
  for (const { text, python_literal } of vectors.other_forms) {
    if (isBytesLiteral(text)) {
      equal(python_literal.type, "bytes", text);
      equal(base64(parseBytesLiteral(text)), python_literal.bytes_b64, text);
    } else {
      throws(() => parseBytesLiteral(text), SyntaxError, text);
    }
  }
});

Deno.test("parseBytesLiteral refuses every hostile text of the vectors", () => {
  ok(vectors.hostile.length > 0);
  for (const { text } of vectors.hostile) throws(() => parseBytesLiteral(text), SyntaxError, text);
});

Deno.test("parseBytesLiteral reads what Python's repr makes of any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    equal(base64(parseBytesLiteral(writeBytesLiteral(bytes))), base64(bytes));
  }));
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  deepEqual(parseBytesLiteral(writeBytesLiteral(all)), all);
});

Deno.test("parseBytesLiteral refuses every truncation", () => {
  const literal = writeBytesLiteral(Uint8Array.of(0x41, 0x5c, 0x27, 0x22, 0xff, 0x0a));
  parseBytesLiteral(literal);
  for (let length = 0; length < literal.length; length++) {
    throws(() => parseBytesLiteral(literal.slice(0, length)), SyntaxError, String(length));
  }
});

Deno.test("parseBytesLiteral takes literals of 16 MiB", () => {
  const characters = 16 * 1024 * 1024;
  equal(parseBytesLiteral(`b'${"x".repeat(characters)}'`).length, characters);
  equal(parseBytesLiteral(`b'${"\\\\".repeat(characters / 2)}'`).length, characters / 2);
  throws(() => parseBytesLiteral(`b'${"\\".repeat(characters)}`), SyntaxError);
  throws(() => parseBytesLiteral("b'".repeat(characters / 2)), SyntaxError);
});

const snippets = fc.array(
  fc.constantFrom(
    ..."b ' \" \\ \\\\ \\x \\x4 \\x41 \\xff \\' \\n n { } [ ] : , 0 ( ) # é \n eval __import__ b' b\""
      .split(" "),
  ),
  { maxLength: 12 },
).map((parts) => parts.join(""));

const moments = fc.oneof(
  fc.constantFrom("", "1e3", "2020-05-21 02:00", "21 May 2020 5pm", "2020-05-21T02:00:00+05:30"),
  fc.string({ maxLength: 20 }),
  fc.array(
    fc.constantFrom(
      ..."2020 05 21 - / . : T Z + 5 pm May Thu , GMT UTC 1e999 nan -1 d months 99".split(" "),
      " ",
    ),
    { maxLength: 10 },
  ).map((parts) => parts.join("")),
);

const times = {
  from: moments,
  to: moments,
  last: moments,
  tzname: fc.oneof(fc.constantFrom("UTC", "europe/london", "Pacific/Apia"), moments),
};

/** Sound but for their times, and unsound in any field. */
const questions = fc.oneof(
  fc.record({ sub_type: fc.constant("ip"), data: fc.string(), ...times }, {
    requiredKeys: ["sub_type", "data"],
  }),
  fc.record({
    sub_type: fc.oneof(fc.constant("url"), values),
    data: values,
    ...times,
    level: values,
    _hash: fc.oneof(fc.constant("a".repeat(64)), values),
    extra: values,
  }, { requiredKeys: [] }),
);

const plaintexts = fc.oneof(
  questions.map((question) => canonical(question)),
  values.map((value) => canonical(value)),
  fc.string(),
  fc.array(fc.constantFrom(...'{}[]:,"\\01e-')).map((units) => units.join("")),
).map((text) => new TextEncoder().encode(text));

const hostile = fc.oneof(
  { arbitrary: plaintexts.map(writeBytesLiteral), weight: 3 },
  snippets,
  snippets.map((text) => `b'${text}'`),
  fc.uint8Array().map(writeBytesLiteral),
  fc.string(),
);

/** The pure part of answering a query that is not encrypted. Gives how far it came. */
function decode(qdata: string, qtype: string): "bytes" | "query" | "range" {
  let came: "bytes" | "query" | "range" = "bytes";
  const bytes = parseBytesLiteral(qdata);
  try {
    const query = readQuery(qtype, decanonical(new TextDecoder().decode(bytes)));
    came = "query";
    if (query.qtype === "threatrank") return came;
    const { start, end } = timeRange(query.time, 1_600_000_000.25);
    ok(Number.isFinite(start) && Number.isFinite(end));
    return "range";
  } catch (error) {
    ok(error instanceof QueryError);
    return came;
  }
}

Deno.test("parseBytesLiteral, readQuery and timeRange refuse 20,000 hostile texts cleanly", () => {
  const reached = { bytes: 0, query: 0, range: 0, refused: 0 };
  const qtypes = fc.constantFrom("count", "related", "threatrank", "__proto__");
  fc.assert(
    fc.property(hostile, qtypes, (qdata, qtype) => {
      if (isBytesLiteral(qdata)) return void reached[decode(qdata, qtype)]++;
      throws(() => parseBytesLiteral(qdata), SyntaxError);
      reached.refused++;
    }),
    { seed: 20260115, numRuns: 20_000 },
  );
  for (const [stage, count] of Object.entries(reached)) ok(count >= 10, `${stage}: ${count}`);
});
