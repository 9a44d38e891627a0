import { equal } from "../../assert.ts";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { decodeEncodedWords } from "../../../lib/typetags/email/encoded_words.ts";

// Results of the email package of Python 3.8, with its default policy, for the same headers.
const AS_IN_PYTHON: readonly (readonly [header: string, text: string])[] = [
  ["plain  text\t", "plain  text\t"],
  ["=?utf-8?q?a_b=3D?=", "a b="],
  ["=?UTF-8?B?8J+OiQ?= party", "🎉 party"],
  ["=?utf-8*en?q?lang?=", "lang"],
  ["=?utf-8?q?a?=  =?utf-8?q?b?= c", "ab c"],
  ["x=?utf-8?q?y?=z", "xyz"],
  ["=?utf-8?q?two words?=", "two words"],
  ["=?utf-8?q??=", ""],
  ["=?utf-8?q?=41", "A"],
  ["=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"],
  ["=?utf-8?q?=C3?=", "\ufffd"],
  ["=?us-ascii?q?=C3=A9?= =?x-none?q?=C3=A9?=", "éé"],
  ["=?gb2312?b?oaqhpA==?=", "―・"],
  ["=?iso-2022-jp?b?GyRCJDMhQRsoQg==?=", "こ〜"],
  ["=?iso-8859-1?q?=80?=", "\u0080"],
  ["=?utf-8?x?a?=", "=?utf-8?x?a?="],
  ["=?utf-8?q?a?b?=", "=?utf-8?q?a?b?="],
  ["=?utf-8?q?=?=", "=?utf-8?q?=?="],
  ["=?utf-8?q?a", "=?utf-8?q?a"],
  ["=?bad=?utf-8?q?a?=", "=?bad=?utf-8?q?a?="],
  ["é ?=", "é ?="],
];

Deno.test("decodeEncodedWords decodes as Python's email package does", () => {
  for (const [header, text] of AS_IN_PYTHON) equal(decodeEncodedWords(header), text, header);
});

Deno.test("decodeEncodedWords joins characters that are split between words", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat(), (text, where) => {
    const bytes = Buffer.from(text);
    const at = where % bytes.length;
    const words = [bytes.subarray(0, at), bytes.subarray(at)]
      .map((part) => `=?utf-8?b?${part.toString("base64")}?=`);
    equal(decodeEncodedWords(words.join(" ")), text);
  }));
});
