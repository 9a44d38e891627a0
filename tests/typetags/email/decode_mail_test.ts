import { Buffer } from "node:buffer";
import fc from "fast-check";
import { equal } from "../../assert.ts";
import { encodeCharset } from "../../../lib/typetags/email/charset.ts";
import { decodeMail } from "../../../lib/typetags/email/decode_mail.ts";

/** Texts that are not UTF-8 in their charset. */
const TEXTS = {
  "iso-8859-1": "Grüße, señor",
  "windows-1251": "Ваш счёт заблокирован",
  "koi8-r": "Счет закрыт",
  "shift_jis": "口座の確認",
  "gb2312": "您的账户",
  "utf-8": "naïve 🦊",
} as const;

type Charset = keyof typeof TEXTS;

function part(charset: Charset, name: string = charset): Uint8Array {
  return Buffer.concat([
    Buffer.from(`--b\r\nContent-Type: text/plain;\r\n\tcharset="${name}"\r\n\r\n`),
    encodeCharset(`${TEXTS[charset]}\r\n`, charset),
  ]);
}

const HEAD =
  "Date: Thu, 14 Mar 2024 03:00:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";

Deno.test("decodeMail reads each part in the charset that it names", () => {
  const charsets = fc.array(fc.constantFrom(...Object.keys(TEXTS) as Charset[]), { maxLength: 5 });
  fc.assert(fc.property(charsets, (charsets) => {
    const mail = Buffer.concat([Buffer.from(HEAD), ...charsets.map((each) => part(each))]);
    const parts = charsets.map((charset) =>
      `--b\r\nContent-Type: text/plain;\r\n\tcharset="${charset}"\r\n\r\n${TEXTS[charset]}\r\n`
    );
    equal(decodeMail(mail), HEAD + parts.join(""));
  }));
});

/** What a mail says of its charset, how its text is in it, and how that is read. */
const CASES: readonly (readonly [what: string, header: string, Uint8Array, string])[] = [
  ["in its charset", "text/html; charset=koi8-r", encodeCharset("Счет", "koi8-r"), "Счет"],
  ["as windows-1252 if it names none", "text/plain", Buffer.from([0x80, 0xe9]), "€é"],
  ["as windows-1252 if that is ASCII", "text/plain; charset=us-ascii", Buffer.from([0xe9]), "é"],
  ["as windows-1252 if that is unknown", "text/plain; charset=x-none", Buffer.from([0xe9]), "é"],
  ["as windows-1252 if that is UTF-16", "text/plain; charset=utf-16", Buffer.from([0xe9]), "é"],
  [
    "as UTF-8 that is broken",
    "text/plain; charset=UTF-8",
    Buffer.from("é\xe9", "latin1"),
    "\ufffd",
  ],
];

for (const [what, header, bytes, text] of CASES) {
  Deno.test(`decodeMail reads text ${what}, and headers before it`, () => {
    const start = (subject: string) => `Subject: ${subject}\ncontent-type: ${header}\n\n`;
    const [before, after] = start("|").split("|");
    const mail = Buffer.concat([
      Buffer.from(before!),
      bytes,
      Buffer.from(after!),
      bytes,
    ]);
    equal(decodeMail(mail).replace(/\ufffd+/g, "\ufffd"), start(text) + text);
  });
}

Deno.test("decodeMail reads each message of an mbox by itself", () => {
  const message = (subject: Uint8Array, charset: string) =>
    Buffer.concat([
      Buffer.from("From a@b.example Thu Mar 14 03:00:00 2024\nSubject: "),
      subject,
      Buffer.from(`\nContent-Type: text/plain; charset=${charset}\n\nFrom 12:30 on\n\n`),
    ]);
  const [latin, russian] = [Buffer.from("é", "latin1"), encodeCharset("Счет", "windows-1251")];
  const mbox = Buffer.concat([
    message(latin, "iso-8859-1"),
    message(russian, "windows-1251"),
    message(latin, "iso-8859-1"),
  ]);
  const subjects = [...decodeMail(mbox).matchAll(/^Subject: (.*)$/gm)].map(([, text]) => text);
  equal(subjects.join(), "é,Счет,é");
});
