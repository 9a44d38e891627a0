import { equal, throws } from "../../assert.ts";
import { Buffer } from "node:buffer";
import { Rejected } from "../../../lib/errors.ts";
import { readBody } from "../../../lib/typetags/email/body.ts";
import { readMessage } from "../../../lib/typetags/email/message.ts";

function bodyOf(text: string): string {
  return readBody(readMessage(text));
}

function multipart(type: string, ...parts: readonly string[]): string {
  return `Content-Type: multipart/${type}; boundary=B\n\n--B\n${parts.join("\n--B\n")}\n--B--\n`;
}

function checkRejected(text: string): void {
  throws(
    () => bodyOf(text),
    (error) => error instanceof Rejected && error.code === "EVENTS_REJECTED",
    text.slice(0, 200),
  );
}

const PLAIN = "Content-Type: text/plain\n\nplain";
const HTML = "Content-Type: text/html\n\nhtml";
const IMAGE = "Content-Type: image/png\n\nimage";
const ATTACHED = "Content-Disposition: Attachment; filename=a.txt\n\nattached";

Deno.test("readBody prefers plain text to HTML and ignores attachments", () => {
  equal(bodyOf(multipart("alternative", HTML, PLAIN)), "plain");
  equal(bodyOf(multipart("mixed", ATTACHED, IMAGE, HTML)), "html");
  equal(bodyOf(multipart("mixed", PLAIN, PLAIN.replace(/plain$/, "second"))), "plain");
  checkRejected(multipart("mixed", ATTACHED, IMAGE));
  checkRejected("Content-Type: message/rfc822\n\nSubject: s\n\nplain");
});

Deno.test("readBody takes the text of related parts from their root", () => {
  equal(bodyOf(multipart("related", HTML, PLAIN)), "html");
  const root = multipart("related", IMAGE, `Content-ID: <r>\n${HTML}`)
    .replace("boundary=B", 'boundary=B; start="<r>"');
  equal(bodyOf(root), "html");
  checkRejected(multipart("related", IMAGE, PLAIN));
});

Deno.test("readBody rejects a multipart without its boundary", () => {
  checkRejected("Content-Type: multipart/mixed\n\n--B\n\nplain\n--B--\n");
  checkRejected("Content-Type: multipart/mixed; boundary=C\n\n--B\n\nplain\n--B--\n");
});

Deno.test("readBody decodes transfer encodings as Python does", () => {
  const cases: readonly (readonly [encoding: string, text: string, body: string])[] = [
    ["quoted-printable", "a=3Db=\nc=\r\nd =\n", "a=bcd "],
    ["Quoted-Printable", "==41 =zz =4 a=", "=41 =zz =4 a"],
    ["quoted-printable", "a= \nb_", "a= \nb_"],
    ["base64", "aGVs\r\nbG8=\n", "hello"],
    ["base64", "aGVsbG8", "hello"],
    ["base64", "a G*=Vs-bG8=IGFnYWlu", "hello"],
    ["base64", "aGVsb", "aGVsb"],
    ["base64 ", "aGVsbG8=", "aGVsbG8="],
    ["x-uuencode", "a note\nbegin 644 a\n#86)C\n`\nend\nmore", "abc"],
    ["uue", "begin 644 a\r\n#86)C\r\n`\r\n end\r\n", "abc"],
    ["uuencode", "begin 644 a\n#86)C\n", "begin 644 a\n#86)C\n"],
    ["7bit", "a=3D", "a=3D"],
    ["x-none", "a=3D", "a=3D"],
  ];
  for (const [encoding, text, expected] of cases) {
    equal(bodyOf(`Content-Transfer-Encoding: ${encoding}\n\n${text}`), expected, text);
  }
});

Deno.test("readBody decodes text by its charset", () => {
  const cases: readonly (readonly [parameter: string, bytes: readonly number[], text: string])[] = [
    ["", [0x61, 0xe9], "a\ufffd"],
    ["charset=us-ascii", [0x61, 0xe9], "a\ufffd"],
    ["charset=utf-8", [0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0xc3], "\ufeffé\ufffd"],
    ['Charset = "ISO-8859-1"', [0x80, 0xe9], "\u0080é"],
    ["charset=windows-1252 (Windows)", [0x80, 0x81], "€\ufffd"],
    ["format=flowed; charset=koi8-r; charset=utf-8", [0xf0], "П"],
    ["charset=utf-16", [0xff, 0xfe, 0x61, 0x00], "a"],
    ["charset=utf-16", [0xfe, 0xff, 0x00, 0x61], "a"],
    ["charset=utf-16le", [0xff, 0xfe, 0x61, 0x00], "\ufeffa"],
    ["charset=gb2312", [0xc4, 0xe3, 0xa1, 0xa4, 0xa1, 0xaa], "你・―"],
    ["charset=shift_jis", [0x82, 0xb1, 0x81, 0x60], "こ〜"],
    ["charset=iso-2022-jp", [0x1b, 0x24, 0x42, 0x24, 0x33, 0x1b, 0x28, 0x42], "こ"],
    ["charset=big5", [0xa7, 0x41, 0xa1, 0x45], "你•"],
  ];
  for (const [parameter, bytes, text] of cases) {
    const head = `Content-Type: text/plain; ${parameter}\nContent-Transfer-Encoding: base64\n\n`;
    equal(bodyOf(head + Buffer.from(bytes).toString("base64")), text, parameter);
  }
});

Deno.test("readBody rejects unknown charsets, except for empty text", () => {
  for (const charset of ["x-none", "base64", "hex", '""']) {
    checkRejected(`Content-Type: text/plain; charset=${charset}\n\ntext`);
    equal(bodyOf(`Content-Type: text/plain; charset=${charset}\n\n`), "");
  }
});

Deno.test("readBody reads UTF-7 of up to 1 MiB", () => {
  const head = "Content-Type: text/plain; charset=utf-7\n\n";
  equal(bodyOf(`${head}caf+AOk-`), "café");
  checkRejected(head + "a".repeat(1024 ** 2 + 1));
});

Deno.test("readBody does not decode text again that was already decoded", () => {
  for (const charset of ["utf-8", "iso-8859-1", "us-ascii", "gb2312"]) {
    equal(bodyOf(`Content-Type: text/plain; charset=${charset}\n\nGrüße 你好`), "Grüße 你好");
  }
  const mixed = "Content-Transfer-Encoding: quoted-printable\n\né=C3=A9";
  equal(bodyOf(`Content-Type: text/plain; charset=utf-8\n${mixed}`), "éé");
});
