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
  ["as UTF-8 that is broken", "text/plain; charset=UTF-8", broken("é🦊"), "é🦊\ufffd"],
  ["as windows-1252 that says it is UTF-8", "text/plain; charset=utf-8", Buffer.from([0xe9]), "é"],
  ...["ANSI_X3.4-1968", "iso646-us", "cp367", "UCS-2", "utf.16", "ucs4", "unicode-1-1-utf-7", "x"]
    .map((name) => {
      const bytes = Buffer.from("caf\xe9", "latin1");
      return [
        `as windows-1252 beside ${name}`,
        `text/plain; charset=${name}`,
        bytes,
        "café",
      ] as const;
    }),
];

/** UTF-8 that breaks off in a character. */
function broken(text: string): Uint8Array {
  return Buffer.concat([Buffer.from(text), Buffer.of(0xe9)]);
}

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

/** Parts of mail as they are sent: text, or bytes. */
function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => typeof part === "string" ? Buffer.from(part) : part));
}

const KOI8 = encodeCharset("при", "koi8-r");
const E_ACUTE = Buffer.of(0xe9);
const NAMED_KOI8 = "Content-Type: text/plain; charset=koi8-r\n";
const DATE = "Thu Mar 14 03:00:00 2024";
const MMDF = "\x01\x01\x01\x01\n";

/** Where a charset holds: mail, and the text of what is in it beyond ASCII. */
const PLACES: readonly (readonly [what: string, mail: Uint8Array, found: string])[] = [
  [
    "the header behind the type, line by line",
    joined(NAMED_KOI8, "Subject: naïve\nX: ", KOI8, "\n\n", KOI8),
    "ï при при",
  ],
  [
    "the first of two types",
    joined(NAMED_KOI8, "Content-Type: text/plain; charset=utf-8\n\n", KOI8),
    "при",
  ],
  [
    "no type that a body quotes",
    joined("Subject: x\n\n", E_ACUTE, "\n", NAMED_KOI8, "\n", E_ACUTE),
    "é é",
  ],
  [
    "a part of a part, and the parts behind it",
    joined(
      "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed;\n",
      ` boundary="b"\n\n--b\n${NAMED_KOI8}\n`,
      KOI8,
      "\n--b--\n--a\nContent-Type: text/plain; charset=iso-8859-1\n\n",
      E_ACUTE,
      "\n--a--\n",
    ),
    "при é",
  ],
  [
    "a mail in a mail",
    joined("Content-Type: message/rfc822\n\nSubject: ", KOI8, `\n${NAMED_KOI8}\n`, KOI8),
    "при при",
  ],
  [
    "messages of an mbox without times",
    joined("From -\nX: ", E_ACUTE, "\n\nFrom -\nX: ", KOI8, `\n${NAMED_KOI8}\n`),
    "é при",
  ],
  [
    "messages of MMDF",
    joined(`${MMDF}X: `, E_ACUTE, `\n\n${MMDF}${MMDF}X: `, KOI8, `\n${NAMED_KOI8}\n${MMDF}`),
    "é при",
  ],
  [
    "a message whose length leads over a line that begins one",
    joined(
      `From a@b.example ${DATE}\n${NAMED_KOI8}Content-Length: 61\n\nFrom x ${DATE}\n`,
      "Subject: inner\n\n",
      KOI8,
      `${"\n".repeat(9)}\nFrom a@b.example ${DATE}\nX: y\n\n`,
    ),
    "при",
  ],
];

for (const [what, mail, found] of PLACES) {
  Deno.test(`decodeMail finds the charset of ${what}`, () => {
    equal(decodeMail(mail).match(/[^\0-\x7f]+/g)?.join(" "), found);
  });
}

/** Each took minutes, or all of the stack, when its size counted more than once. */
const LARGE: readonly (readonly [what: string, unit: string])[] = [
  ["times in a line that begins no message", "1:11 "],
  ["folds of a header", "\n "],
  ["types", "\ncontent-type:;charset=big5"],
  ["ends of parts", "\n--a--"],
  ["at signs", "a@"],
];

for (const [what, unit] of LARGE) {
  Deno.test(`decodeMail reads a million bytes of ${what}`, () => {
    const more = unit.repeat(1_000_000 / unit.length);
    const start = "Subject: x\nContent-Type: multipart/mixed; boundary=a\nFrom ";
    const mail = joined(start, more, "\n\nFrom ", more, "\n\n", E_ACUTE);
    equal(decodeMail(mail), `${start}${more}\n\nFrom ${more}\n\né`);
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
