import { deepEqual, equal, throws } from "../../assert.ts";
import { Rejected } from "../../../lib/errors.ts";
import { type MimePart, readMessage } from "../../../lib/typetags/email/message.ts";

/** The content of a part: text as it is, parts as arrays. */
type Shape = string | readonly Shape[];

function shapeOf({ content }: MimePart): Shape {
  return typeof content === "string" ? content : content.map(shapeOf);
}

function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(readMessage(text).headers);
}

Deno.test("readMessage unfolds headers and takes the first of each name", () => {
  const headers = { subject: "one two\tthree", to: "a@example.com" };
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = ["SUBJECT:  one", " two", "\tthree", "To:a@example.com", "to: b", "X: y", "", "z"];
    deepEqual(headersOf(text.join(end)), headers);
    equal(shapeOf(readMessage(text.join(end))), "z");
  }
});

Deno.test("readMessage skips envelope lines, stray folds and headers without a name", () => {
  const text = "From alice Mon\n folded\nSubject: s\n: none\n stray\nTo: b\n\nbody";
  deepEqual(headersOf(text), { subject: "s", to: "b" });
});

Deno.test("readMessage starts the body at the first line that is not a header", () => {
  equal(shapeOf(readMessage("Subject: s\nno header\n")), "no header\n");
  equal(shapeOf(readMessage("\nSubject: s\n")), "Subject: s\n");
  equal(shapeOf(readMessage("Subject : s\n")), "Subject : s\n");
  equal(shapeOf(readMessage("")), "");
});

Deno.test("readMessage reads media types, and takes malformed ones as text/plain", () => {
  const types = {
    "Text/HTML; charset=utf-8": "text/html",
    "text": "text/plain",
    "a/b/c": "text/plain",
    "": "text/plain",
  };
  for (const [header, type] of Object.entries(types)) {
    equal(readMessage(`Content-Type: ${header}\n\n`).type, type);
  }
});

Deno.test("readMessage splits parts at their boundaries", () => {
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
    deepEqual(shapeOf(readMessage(multipart + body)), expected, body);
  }
});

Deno.test("readMessage takes the parts of a digest as messages", () => {
  const { content } = readMessage("Content-Type: multipart/digest; boundary=B\n\n--B\n\nx\n--B--");
  equal((content as readonly MimePart[])[0]?.type, "message/rfc822");
});

Deno.test("readMessage rejects more parts, levels and header text than mail has", () => {
  const nested = Array.from(
    { length: 100_000 },
    (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n`,
  );
  const siblings = `Content-Type: multipart/mixed; boundary=B\n\n${"--B\n\n".repeat(100_000)}`;
  for (const text of [nested.join(""), siblings, `To: ${"a,".repeat(1024 ** 2)}\n\n`]) {
    throws(
      () => readMessage(text),
      (error) => error instanceof Rejected && error.code === "EVENTS_REJECTED",
    );
  }
});
