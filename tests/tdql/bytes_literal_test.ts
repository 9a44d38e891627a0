import { deepEqual, equal, notEqual, throws } from "../assert.ts";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { importPrivateKey } from "../../lib/envelope/key.ts";
import { type Mode, openEnvelope } from "../../lib/envelope/open.ts";
import { canonicalForm, decodeCanonicalForm } from "../../lib/tahoe/canonical.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import { parseBytesLiteral, writeBytesLiteral } from "../../lib/tdql/bytes_literal.ts";
import { readVectors } from "../vectors.ts";
import { isBytesLiteral } from "./bytes_literal.ts";

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

const VECTORS: Vectors = JSON.parse(await readVectors("qdata.json"));

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

Deno.test("parseBytesLiteral and writeBytesLiteral agree with every literal of the vectors", () => {
  notEqual(VECTORS.literals.length, 0);
  for (const { text, bytes_b64 } of [...VECTORS.literals, ...VECTORS.envelope_literals]) {
    equal(base64(parseBytesLiteral(text)), bytes_b64, text);
    equal(writeBytesLiteral(Buffer.from(bytes_b64, "base64")), text);
  }
});

Deno.test("parseBytesLiteral, openEnvelope and decodeCanonicalForm read every envelope of the vectors", async () => {
  notEqual(VECTORS.envelope_literals.length, 0);
  for (const { text, key, mode, plaintext, qdata_json } of VECTORS.envelope_literals) {
    const privateKey = await importPrivateKey(await readVectors(key));
    const opened = await openEnvelope(parseBytesLiteral(text), privateKey, { first: mode });
    equal(opened, plaintext);
    equal(canonicalForm(decodeCanonicalForm(opened)), canonicalForm(parseJson(qdata_json)));
  }
});

Deno.test("parseBytesLiteral reads other forms of the vectors as bytes, or refuses them", () => {
  notEqual(VECTORS.other_forms.length, 0);
  for (const { text, python_literal } of VECTORS.other_forms) {
    if (isBytesLiteral(text)) {
      equal(python_literal.type, "bytes", text);
      equal(base64(parseBytesLiteral(text)), python_literal.bytes_b64, text);
    } else {
      throws(() => parseBytesLiteral(text), SyntaxError, text);
    }
  }
});

Deno.test("parseBytesLiteral refuses every hostile text of the vectors", () => {
  notEqual(VECTORS.hostile.length, 0);
  for (const { text } of VECTORS.hostile) throws(() => parseBytesLiteral(text), SyntaxError, text);
});

Deno.test("parseBytesLiteral is the inverse of writeBytesLiteral for any bytes", () => {
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

Deno.test("parseBytesLiteral reads literals of 16 MiB", () => {
  const characters = 16 * 1024 * 1024;
  equal(parseBytesLiteral(`b'${"x".repeat(characters)}'`).length, characters);
  equal(parseBytesLiteral(`b'${"\\\\".repeat(characters / 2)}'`).length, characters / 2);
  throws(() => parseBytesLiteral(`b'${"\\".repeat(characters)}`), SyntaxError);
  throws(() => parseBytesLiteral("b'".repeat(characters / 2)), SyntaxError);
});
