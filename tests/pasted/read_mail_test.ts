import { deepEqual, equal } from "../assert.ts";
import { readList } from "../../lib/pasted/read_list.ts";

const HEADERS = "Received: from relay.example (unknown [192.0.2.9])\n" +
  "\tby mx.example.org; Sat, 28 Nov 2026 10:00:01 +0000\nFrom: Ann <ann@mail.example>\n" +
  "To: bob@example.org\nSubject: =?utf-8?B?U2VlIGh0dHA6Ly9zLmV4YW1wbGUvYQ==?=\nMIME-Version: 1.0\n";
const IN_HEADERS = [
  "domain relay.example",
  "ipv4 192.0.2.9",
  "domain mx.example.org",
  "email_addr ann@mail.example",
  "email_addr bob@example.org",
  "url http://s.example/a",
];
const QUOTED = "Content-Transfer-Encoding: quoted-printable\n\n" +
  "http://q.example/pay?id=3D1 http://q.example/a/long/path/that/breaks/in=\n/it?x=3D1\n" +
  "# http://q.example/hash\n";
const IN_QUOTED = [
  "url http://q.example/pay?id=1",
  "url http://q.example/a/long/path/that/breaks/in/it?x=1",
  "url http://q.example/hash",
];
const PAGE = '<!DOCTYPE html PUBLIC "-//W3C//DTD" "http://www.w3.org/x.dtd">' +
  '<html xmlns="http://www.w3.org/1999/xhtml"><a href="http://h.example/a?b=1&amp;c=2">Go</a>' +
  "<img src='http://h.example/x.png'><p>ev<wbr>il.example</p>http&#58;//h&#x2e;example/z</html>";
const HTML = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
  btoa(PAGE).replaceAll(/.{76}/g, "$&\n");
const IN_PAGE = [
  "url http://h.example/a?b=1&c=2",
  "url http://h.example/x.png",
  "domain evil.example",
  "url http://h.example/z",
];
const CSV = "Content-Type: application/octet-stream; name=iocs.csv\n" +
  `Content-Transfer-Encoding: base64\n\n${btoa("ip,note\n192.0.2.88,x\n")}`;
const FORWARDED = "Content-Type: message/rfc822\n\nFrom: c@inner.example\nTo: d@inner.example\n" +
  `Content-Transfer-Encoding: base64\n\n${btoa("http://inner.example/x")}`;
const PDF = "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK";

function multipart(...parts: string[]): string {
  return `Content-Type: multipart/mixed; boundary="xx"\n\n${
    parts.map((part) => `--xx\n${part}\n`).join("")
  }--xx--\n`;
}

const MAILS: [about: string, text: string, wanted: string[]][] = [
  ["quoted-printable text", HEADERS + QUOTED, [...IN_HEADERS, ...IN_QUOTED]],
  ["lines that end in CR LF", (HEADERS + QUOTED).replaceAll("\n", "\r\n"), [
    ...IN_HEADERS,
    ...IN_QUOTED,
  ]],
  ["a page in base64", HEADERS + HTML, [...IN_HEADERS, ...IN_PAGE]],
  ["all parts", HEADERS + multipart(QUOTED, HTML, CSV, FORWARDED, PDF), [
    ...IN_HEADERS,
    ...IN_QUOTED,
    ...IN_PAGE,
    "ipv4 192.0.2.88",
    "email_addr c@inner.example",
    "email_addr d@inner.example",
    "url http://inner.example/x",
  ]],
  ["a part alone", HTML, IN_PAGE],
  ["a part with its boundary", `--xx\n${HTML}\n--xx--\n`, IN_PAGE],
  ["a charset that is not known", HEADERS + "Content-Type: text/plain; charset=x\n" + QUOTED, [
    ...IN_HEADERS,
    ...IN_QUOTED,
  ]],
  [
    "an mbox file",
    ["a", "b"].map((name) =>
      `From ann@example.org Sat Nov 28 10:00:01 2026\nFrom: ${name}@example.org\nTo: c@example.org\n` +
      `Content-Transfer-Encoding: quoted-printable\n\nhttp://${name}.example/?x=3D1\n\n`
    ).join(""),
    [
      "email_addr a@example.org",
      "email_addr c@example.org",
      "url http://a.example/?x=1",
      "email_addr b@example.org",
      "email_addr c@example.org",
      "url http://b.example/?x=1",
    ],
  ],
];
for (const [about, text, wanted] of MAILS) {
  Deno.test(`readList reads a mail: ${about}`, () => {
    const asked = readList(text).values.map((each) =>
      "meaning" in each ? `${each.meaning.normal.subType} ${each.meaning.normal.data}` : "?"
    );
    deepEqual(asked, wanted);
  });
}

Deno.test("readList counts the parts of a mail that are not text", () => {
  const { skipped } = readList(HEADERS + multipart(QUOTED, PDF, PDF));
  equal(skipped.get("part that is not text"), 2);
});

Deno.test("readList does not take a text that mentions a header for a mail", () => {
  const { values } = readList("From: me to all of you.\n\nhxxp://x[.]example/a\n");
  deepEqual(values.map(({ value }) => value), ["hxxp://x[.]example/a"]);
});
