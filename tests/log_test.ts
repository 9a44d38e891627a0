import { deepEqual, equal } from "./assert.ts";
import { fstatSync } from "node:fs";
import { formatRecord, logStyle } from "../lib/log.ts";

const { dev, ino } = fstatSync(2, { bigint: true });
const journal = `${dev}:${ino}`;

Deno.test("logStyle depends on where standard error goes", () => {
  const style = (variables: Record<string, string>, terminal: boolean) =>
    logStyle((name) => variables[name], terminal);
  equal(style({}, true), "colour");
  equal(style({}, false), "plain");
  equal(style({ NO_COLOR: "1" }, true), "plain");
  equal(style({ NO_COLOR: "" }, true), "colour");
  equal(style({ JOURNAL_STREAM: journal }, false), "journal");
  equal(style({ JOURNAL_STREAM: `${dev}:${ino + 1n}` }, false), "plain");
});

Deno.test("formatRecord starts with syslog's priority in the journal", () => {
  const start = (level: "debug" | "info" | "warning" | "error" | "fatal") =>
    formatRecord({ level, rawMessage: "Text", properties: {} }, "journal");
  deepEqual(
    (["debug", "info", "warning", "error", "fatal"] as const).map(start),
    ["<7>Text", "<6>Text", "<4>Text", "<3>Text", "<2>Text"],
  );
});

Deno.test("formatRecord starts with the level's name for people", () => {
  const record = { level: "warning", rawMessage: "Text", properties: {} } as const;
  equal(formatRecord(record, "plain"), "warning: Text");
  equal(formatRecord(record, "colour"), "\x1b[33mwarning\x1b[0m: Text");
});

const FIELDS: [name: string, value: unknown, text: string][] = [
  ["number", 1.5, " f=1.5"],
  ["bigint", 12n, " f=12"],
  ["null", null, " f=null"],
  ["undefined", undefined, ""],
  ["bare word", "a/b.json", " f=a/b.json"],
  ["empty string", "", ' f=""'],
  ["blank", "a b", ' f="a b"'],
  ["string that looks like another field", "a=b", ' f="a=b"'],
  ["quote", 'a"b', ' f="a\\"b"'],
  ["line end", "a\nb", ' f="a\\nb"'],
  ["escape sequence", "\x1b[2J", " f=\\u001b[2J"],
  ["error", new RangeError("too big"), ' f="RangeError: too big"'],
  ["list", ["a", 1n], ' f="[\\"a\\",\\"1\\"]"'],
  ["URL with a password", "mongodb://a:s3cret@db.example.com", " f=mongodb://a:***@db.example.com"],
];

for (const [name, value, text] of FIELDS) {
  Deno.test(`formatRecord writes a field: ${name}`, () => {
    const record = { level: "info", rawMessage: "T", properties: { f: value } } as const;
    equal(formatRecord(record, "journal"), `<6>T${text}`);
  });
}

Deno.test("formatRecord leaves braces in the text alone", () => {
  const record = { level: "info", rawMessage: "{f} and {g}", properties: { f: 1 } } as const;
  equal(formatRecord(record, "plain"), "info: {f} and {g} f=1");
});
