import { deepEqual, equal, ok } from "../../assert.ts";
import fc from "fast-check";
import { EMAIL_FILTER } from "../../../lib/typetags/email.ts";
import { splitMbox } from "../../../lib/typetags/email/mbox.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };
const START = "From a@bad.example Thu Jan  1 00:00:00 2026\n";

function message(subject: string, body = "x\n", to = "b@example.org"): string {
  return `From: A <a@bad.example>\nTo: ${to}\nSubject: ${subject}\n` +
    `Date: Thu, 01 Jan 2026 00:00:00 +0000\n\n${body}`;
}

function read(text: string) {
  return EMAIL_FILTER.read({ data: text }, SOURCE);
}

Deno.test("email makes an event of each message of an mbox file, equal to the message alone", () => {
  const messages = [message("m0"), message("m1", "x\n\ny\n"), message("m2", "")];
  for (const lineEnd of ["\n", "\r\n"]) {
    const text = messages.map((each) => `${START}${each}\n`).join("").replaceAll("\n", lineEnd);
    const alone = messages.map((each) => read(each.replaceAll("\n", lineEnd)).events[0]!._hash);
    for (const file of [text, `\n${text}`, text.trimEnd() + lineEnd + lineEnd]) {
      const { events, rejected } = read(file);
      deepEqual(events.map(({ _hash }) => _hash), alone);
      deepEqual(rejected, []);
    }
  }
});

Deno.test("email rejects messages of an mbox file one by one", () => {
  const text = [message("m0"), message("m1").replace("Date", "X"), message("m2")]
    .map((each) => `${START}${each}\n`).join("");
  const { events, rejected } = read(text);
  equal(events.length, 2);
  deepEqual(rejected, [{ record: 2, reason: "The message has no Date" }]);
});

Deno.test("splitMbox knows the separators that programs write", () => {
  const separators = [
    "From MAILER-DAEMON Thu Jan  1 00:00:00 2026",
    "From - Thu Jan 01 00:00:00 2026",
    "From 1789@xxx Thu Jan 01 00:00:00 +0000 2026",
    "From a at bad.example  Thu Jan  1 00:00:00 2026",
    "From a@b.example Thu Jan  1 00:00 UTC 2026",
    "From a@b.example 2026-01-01T00:00:00",
  ];
  for (const separator of separators) {
    const text = `${separator}\n${message("1")}\n${separator}\nReceived: x\n${message("2")}\n`;
    deepEqual(splitMbox(text), [message("1"), `Received: x\n${message("2")}`], separator);
  }
});

Deno.test("splitMbox knows separators without a time, and those of MMDF", () => {
  const [one, two] = [message("1"), message("2")];
  deepEqual(splitMbox(`From a@b.example\n${one}\nFrom c@d.example\n${two}\n`), [one, two]);
  const line = "\x01\x01\x01\x01\n";
  deepEqual(splitMbox(`${line}${one}${line}${line}${two}${line}`), [one, two]);
  // A text may mention a sender.
  const letter = message("3", "x\n\nFrom a@b.example\nSubject: y\n");
  deepEqual(splitMbox(letter), [letter]);
});

Deno.test("splitMbox leaves a forwarded message where Content-Length says that it is", () => {
  const body = `see, ümlaut\n\n${START}Subject: inner\n\ny\n`;
  const length = new TextEncoder().encode(body).length;
  const outer = message("1", body).replace("Date:", `Content-Length: ${length}\nDate:`);
  deepEqual(splitMbox(`${START}${outer}\n${START}${message("2")}\n`), [outer, message("2")]);
  // A length that leads nowhere does not count.
  const wrong = message("1").replace("Date:", "Content-Length: 7000\nDate:");
  const text = `${START}${wrong}\n${START}${message("2")}\n${START}${message("3")}\n`;
  equal(splitMbox(text.replace("7000", "5")).length, 3);
});

Deno.test("splitMbox restores lines that begin with From", () => {
  const body = "From here\n>From there\n> From me\n";
  const quoted = ">From here\n>>From there\n> From me\n";
  const text = `${START}${message("1", quoted)}\n${START}${message("2")}\n`;
  deepEqual(splitMbox(text), [message("1", body), message("2")]);
});

Deno.test("splitMbox leaves single messages and other texts as they are", () => {
  const texts = [
    "",
    message("1"),
    `${START}${message("1", ">From here\n")}\n`,
    message("1", `${START}${message("2")}\n${START}${message("3")}`),
    message("1", "From you at 10:00:\nSubject: x\n\nFrom me at 11:00\nX: y\n"),
    `${START}${message("1", "From the start it was clear.\n\nFrom 9:00 to 10:00\nit rained\n")}`,
  ];
  for (const text of texts) deepEqual(splitMbox(text), [text]);
});

Deno.test("splitMbox loses no message, whatever the bodies are", () => {
  const bodies = fc.array(fc.string({ unit: fc.constantFrom("a", "\n", ">", "From ", ":", " ") }), {
    minLength: 2,
    maxLength: 5,
  });
  fc.assert(fc.property(bodies, (all) => {
    const text = all.map((body) =>
      `${START}${message("m", body.replace(/^(>*From )/gm, ">$1"))}\n\n`
    ).join("");
    deepEqual(splitMbox(text), all.map((body) => message("m", `${body}\n`)));
  }));
});

Deno.test("splitMbox takes time in proportion to the text", () => {
  const start = performance.now();
  splitMbox(`${START}x: y\n`.repeat(2) + "From ".repeat(1_000_000) + "From 1:11\n".repeat(100_000));
  const ms = performance.now() - start;
  ok(ms < 3000, String(ms));
});

Deno.test("email reads an mbox file that begins in the middle of a message", () => {
  for (const rest of ["the end of a message\n\n", "PGI+eDwvYj4=\n--b--\n"]) {
    const text = `${rest}${START}${message("m1")}\n${START}${message("m2")}`;
    const { events, rejected } = read(text);
    deepEqual(events.map(({ data }) => data["subject"]), [["m1"], ["m2"]]);
    deepEqual(rejected, [{ record: 1, reason: "The message has no From" }]);
  }
});
