import assert from "node:assert/strict";
import { Rejected } from "../../../lib/errors.ts";
import { type Part, readMessage } from "../../../lib/typetags/email/message.ts";

/** Text as it is; parts as lists. */
type Shape = string | readonly Shape[];

function shape({ content }: Part): Shape {
  return typeof content === "string" ? content : content.map(shape);
}

function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(readMessage(text).headers);
}

Deno.test("readMessage unfolds headers and takes the first of each name", () => {
  const headers = { subject: "one two\tthree", to: "a@example.com" };
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = ["SUBJECT:  one", " two", "\tthree", "To:a@example.com", "to: b", "X: y", "", "z"];
    assert.deepEqual(headersOf(text.join(end)), headers);
    assert.equal(shape(readMessage(text.join(end))), "z");
  }
});

Deno.test("readMessage passes over envelope lines, stray folds and headers without a name", () => {
  const text = "From alice Mon\n folded\nSubject: s\n: none\n stray\nTo: b\n\nbody";
  assert.deepEqual(headersOf(text), { subject: "s", to: "b" });
});

Deno.test("readMessage starts the body at the first line that is no header", () => {
  assert.equal(shape(readMessage("Subject: s\nno header\n")), "no header\n");
  assert.equal(shape(readMessage("\nSubject: s\n")), "Subject: s\n");
  assert.equal(shape(readMessage("Subject : s\n")), "Subject : s\n");
  assert.equal(shape(readMessage("")), "");
});

Deno.test("readMessage reads types, and text/plain for what is none", () => {
  const types = {
    "Text/HTML; charset=utf-8": "text/html",
    "text": "text/plain",
    "a/b/c": "text/plain",
    "": "text/plain",
  };
  for (const [header, type] of Object.entries(types)) {
    assert.equal(readMessage(`Content-Type: ${header}\n\n`).type, type);
  }
});

Deno.test("readMessage cuts parts at their boundaries", () => {
  const multipart = "Content-Type: multipart/mixed; boundary=B\n\n";
  const inner = "Content-Type: multipart/mixed; boundary=C\n\n";
  const cases: readonly (readonly [body: string, shape: Shape])[] = [
    ["before\n--B\n\none\n--B\n\ntwo\n\n--B--\nafter\n--B\n", ["one", "two\n"]],
    ["--B \t\r\n\r\none\r\n--B--", ["one"]],
    ["--B\n--B\n\none\n--B--\n", ["one"]],
    ["--B\n\none", ["one"]],
    ["--B\n\n--Bx\n-- B\n --B\n--B--\n", ["--Bx\n-- B\n --B"]],
    [`--B\n${inner}--C\n\none\n--C--\nafter\n--B\n\ntwo\n--B--`, [["one"], "two"]],
    [`--B\n${inner}--C\n\none\n--B\n\ntwo\n--B--`, [["one"], "two"]],
    [`--B\n${multipart}--B\n\none\n--B--`, ["", "one"]],
    [`--B\n${inner}none\n--B--`, ["none\n"]],
    ["none\n", "none\n"],
    ["none\n--B--\n--B\n\n", "none\n"],
  ];
  for (const [body, expected] of cases) {
    assert.deepEqual(shape(readMessage(multipart + body)), expected, body);
  }
});

Deno.test("readMessage takes the parts of a digest for messages", () => {
  const { content } = readMessage("Content-Type: multipart/digest; boundary=B\n\n--B\n\nx\n--B--");
  assert.equal((content as readonly Part[])[0]?.type, "message/rfc822");
});

Deno.test("readMessage refuses more than mail has", () => {
  const nested = Array.from(
    { length: 100_000 },
    (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n`,
  );
  const siblings = `Content-Type: multipart/mixed; boundary=B\n\n${"--B\n\n".repeat(100_000)}`;
  for (const text of [nested.join(""), siblings, `To: ${"a,".repeat(1024 ** 2)}\n\n`]) {
    assert.throws(
      () => readMessage(text),
      (error) => error instanceof Rejected && error.code === "EVENTS_REJECTED",
    );
  }
});
