import { deepEqual, equal, ok, throws } from "../assert.ts";
import fc from "fast-check";
import { Rejected } from "../../lib/errors.ts";
import type { DataBySubType } from "../../lib/tahoe/instance.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { EMAIL_FILTER } from "../../lib/typetags/email.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };

const HEADERS = {
  From: "Alice Example <alice@example.com>",
  To: "Bob <bob@example.com>",
  Subject: "Invoice 42",
  Date: "Mon, 05 Apr 2021 13:38:21 -0700",
};

type Headers = { readonly [name: string]: string };

function message(changed: Headers = {}, body = "Hello\n"): string {
  const lines = Object.entries({ ...HEADERS, ...changed }).map(([name, value]) =>
    `${name}: ${value}\n`
  );
  return `${lines.join("")}\n${body}`;
}

function read(text: string) {
  const filtered = EMAIL_FILTER.read({ data: text }, SOURCE);
  const [event] = filtered.events;
  ok(event);
  // Groups have no prototype, unlike literals.
  return { ...filtered, event, data: structuredClone(event.data) };
}

function rejectionCode(data: Value): string {
  try {
    EMAIL_FILTER.read(data, SOURCE);
  } catch (error) {
    ok(error instanceof Rejected, String(error));
    return error.code;
  }
  return "none";
}

Deno.test("email makes one event at the message's own time", () => {
  const { event, data, instances, refs, rejected, skipped } = read(message());
  deepEqual(data, {
    src: [{ name: ["Alice Example"], email_addr: ["alice@example.com"] }],
    dst: [{ name: ["Bob"], email_addr: ["bob@example.com"] }],
    subject: ["Invoice 42"],
    body: ["Hello\n"],
  });
  equal(event.sub_type, "email");
  equal(event.orgid, "org");
  equal(event.timestamp, 1617655101);
  equal(event.category, "unknown");
  deepEqual([...event._ben_ref, ...event._mal_ref], []);
  deepEqual(new Set(refs), new Set(instances.map(({ _hash }) => _hash)));
  deepEqual([rejected, skipped], [[], {}]);
});

Deno.test("email includes the sender's IP address and the reply address", () => {
  const { data } = read(message({
    "X-Mailgun-Sending-Ip": "192.0.2.77",
    "Reply-To": "Other <other@example.com>, third@example.com",
  }));
  deepEqual(data["src"], [
    { name: ["Alice Example"], email_addr: ["alice@example.com"], ipv4: ["192.0.2.77"] },
  ]);
  deepEqual(data["reply_to"], [
    { email_addr: ["Other <other@example.com>, third@example.com"] },
  ]);
});

Deno.test("email splits a name from an address at the last space", () => {
  const cases: readonly (readonly [from: string, src: Value])[] = [
    ["alice@example.com", { email_addr: ["alice@example.com"] }],
    ["<alice@example.com>", { email_addr: ["alice@example.com"] }],
    ['"Example, A." <a@example.com>', { name: ['"Example, A."'], email_addr: ["a@example.com"] }],
    ["<>", { email_addr: [""] }],
    ["A <>", { name: ["A"], email_addr: [""] }],
  ];
  for (const [from, src] of cases) {
    deepEqual(read(message({ From: from })).data["src"], [src]);
  }
});

Deno.test("email includes each recipient once", () => {
  const cases: readonly (readonly [to: string, addresses: readonly string[]])[] = [
    ["a@example.com, B <b@example.com>", ["a@example.com", "b@example.com"]],
    ['"A, B" (c, d) <a@example.com>, b@example.com', ["a@example.com", "b@example.com"]],
    ["a@example.com,, a@example.com (again)", ["a@example.com"]],
    ["T: a@example.com, b@example.com;", ["a@example.com", "b@example.com"]],
    ["T: a@example.com;", ["T: a@example.com;"]],
    ["undisclosed-recipients:;", ["undisclosed-recipients:;"]],
  ];
  for (const [to, addresses] of cases) {
    const recipients = read(message({ To: to })).data["dst"] as readonly DataBySubType[];
    deepEqual(recipients.flatMap((recipient) => recipient["email_addr"]), addresses);
  }
});

Deno.test("email counts recipients without an address", () => {
  const { data, skipped } = read(message({ To: "a@@b, <>, bob@example.com" }));
  deepEqual(data["dst"], [{ email_addr: ["bob@example.com"] }]);
  deepEqual(skipped, { "recipient without an address": 2 });
  equal(read(message({ To: "a@@b, <>" })).data["dst"]?.length, 1);
});

Deno.test("email finds nothing to read when a header is missing or empty", () => {
  for (const name of Object.keys(HEADERS)) {
    const { [name]: _, ...others } = HEADERS as Headers;
    const lines = Object.entries(others).map(([other, value]) => `${other}: ${value}\n`);
    equal(rejectionCode({ data: `${lines.join("")}\nbody` }), "EVENTS_INVALID", name);
    equal(rejectionCode({ data: message({ [name]: "" }) }), "EVENTS_INVALID", name);
  }
  for (const text of ["", "just text", "{}"]) {
    equal(rejectionCode({ data: text }), "EVENTS_INVALID", text);
  }
});

Deno.test("email rejects what it cannot read", () => {
  const unreadable: readonly Value[] = [
    { data: message({ Date: "yesterday" }) },
    { data: message({ To: "bob@" }) },
    { data: message({ "Content-Type": "text/plain; charset=x-none" }) },
    { data: message({ "Content-Type": "application/pdf" }) },
    { data: 1n },
    { mail: message() },
    [message()],
    message(),
    null,
  ];
  for (const data of unreadable) equal(rejectionCode(data), "EVENTS_REJECTED");
});

Deno.test("email says that a charset is unknown, also one named as what objects inherit", () => {
  for (const charset of ["x-none", "constructor"]) {
    const unknown = message({ "Content-Type": `text/plain; charset=${charset}` });
    throws(() => read(unknown), /: The charset of the text is unknown$/);
  }
});

Deno.test("email quotes nothing of a message that it rejects", () => {
  const unreadable: readonly Headers[] = [
    { Date: "secret" },
    { To: "secret@" },
    { "Content-Type": "text/plain; charset=secret" },
  ];
  for (const changed of unreadable) {
    throws(() => read(message(changed)), (error) => !String(error).includes("secret"));
  }
});

Deno.test("email reads or rejects 2 MiB of hostile text within seconds", () => {
  const size = 2 * 1024 ** 2;
  const inHeader = ["a,", "a:b,", "(", '"', "<@a,", "=?utf-8?q?=C3?= ", "=?a ", "x=?u?q?", ". "]
    .flatMap((text) => ["To", "Subject", "Content-Type"].map((name) => [name, text] as const))
    .map(([name, text]) => message({ [name]: text.repeat(2 ** 20 / text.length - 1) }));
  const multipart = { "Content-Type": "multipart/mixed; boundary=B" };
  const inBody = ["--\n", "--B\n", "--B\n\n", "\n", "\r", "-", "--B \t"]
    .map((text) => message(multipart, `--B\n\n${text.repeat(size / text.length)}x`));
  const encoded = [["base64", "Q "], ["base64", "="], ["quoted-printable", "="]]
    .map(([encoding, text]) =>
      message({ "Content-Transfer-Encoding": encoding! }, text!.repeat(size / text!.length))
    );
  const headersOnly = ["a:\n", " \n", "From \n", "To: a\n"].map((text) => text.repeat(size / 4));
  for (const text of [...inHeader, ...inBody, ...encoded, ...headersOnly]) {
    const start = performance.now();
    rejectionCode({ data: text });
    const milliseconds = performance.now() - start;
    // Quadratic time would be minutes; the limit leaves room for a slow machine.
    ok(milliseconds < 10_000, `${milliseconds} ${text.slice(-20)}`);
  }
});

Deno.test("email reads or rejects arbitrary messages", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "\n",
      "\r\n",
      "\n ",
      "\n--B\n",
      "\n--B--\n",
      "--",
      ": ",
      ",",
      ";",
      "<",
      ">",
      "@",
      '"',
      "(",
      ")",
      "[",
      "]",
      "\\",
      "=?utf-8?q?",
      "?=",
      "=C3",
      "=?gb2312?b?oaq=?=",
      "a",
      "b.c",
      "=",
      " ",
      "Content-Type: multipart/mixed; boundary=B\n",
      "Content-Type: text/html\n",
      "charset=",
      "é",
      "Content-Transfer-Encoding: base64\n",
      "Content-Disposition: attachment\n",
      "\ud800",
    ),
    fc.string({ unit: "binary" }),
  );
  const pieces = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(""));
  const names = fc.constantFrom(...Object.keys(HEADERS), "Reply-To", "Content-Type", "X-Other");
  fc.assert(
    fc.property(fc.dictionary(names, pieces), pieces, (changed, body) => {
      rejectionCode({ data: message(changed, body) });
    }),
    { numRuns: 1000 },
  );
});

Deno.test("email takes semicolons between recipients as commas", () => {
  for (const To of ["b@example.com;c@example.com", "b@example.com ; c@example.com;"]) {
    const { dst } = read(message({ To })).data;
    deepEqual(dst, [{ email_addr: ["b@example.com"] }, { email_addr: ["c@example.com"] }]);
  }
});

Deno.test("email reads a message behind blank lines", () => {
  equal(read(`\n \r\n\n${message()}`).event._hash, read(message()).event._hash);
});

Deno.test("email reads parts whose boundary is in the form of RFC 2231", () => {
  const type = "multipart/mixed; boundary*0=b; boundary*1=1";
  const text = message({ "Content-Type": type }, "--b1\n\nHello\n--b1--\n");
  deepEqual(read(text).data["body"], ["Hello"]);
});
