import { deepEqual, equal, match } from "../../assert.ts";
import { parse } from "csv-parse/sync";
import { type QueryResult, readContent } from "../../../lib/answers/answer_content.ts";
import { writeCsv } from "../../../lib/answers/export/csv.ts";
import { writeJson } from "../../../lib/tahoe/json.ts";
import {
  ASKED,
  countAnswer,
  hashAnswer,
  HOSTILE_TEXTS,
  listing,
  listingAnswer,
  OTHER_SCALARS,
  ranksAnswer,
  relatedAnswer,
  summaryAnswer,
  summaryGraphAnswer,
} from "./answers.ts";

function write(result: QueryResult): string {
  return writeCsv(readContent(result));
}

/** Writes an answer, encodes it as UTF-8, and reads it as any reader of RFC 4180 would. */
function read(result: QueryResult): string[][] {
  const bytes = new TextEncoder().encode(write(result));
  return parse(bytes, { record_delimiter: "\r\n" });
}

Deno.test("writeCsv writes a count as one row", () => {
  equal(write(countAnswer(14n)), "sub_type,data,count\r\nipv4,203.0.113.7,14\r\n");
});

Deno.test("writeCsv writes the attributes of a summary, and their paths if it has them", () => {
  deepEqual(read(summaryAnswer(["a.exe"])), [
    ["sub_type", "data"],
    ["ipv4", "203.0.113.7"],
    ["filename", "a.exe"],
    ["password", "a.exe"],
  ]);
  deepEqual(read(summaryGraphAnswer(["a.exe"])), [
    ["sub_type", "data", "path"],
    ["ipv4", "203.0.113.7", "ipv4=attribute"],
    ["filename", "a.exe", "filename=attribute > dst=object > dns=event > ipv4=attribute"],
    ["password", "a.exe", "password=attribute > dst=object > dns=event > ipv4=attribute"],
  ]);
});

Deno.test("writeCsv writes listed instances, with the time and category of events", () => {
  const { login, password } = listing("secret");
  const rows = read(listingAnswer("secret"));
  deepEqual(rows.slice(0, 4), [
    ["itype", "sub_type", "time", "category", "data", "hash"],
    ["attribute", "ipv4", "", "", "203.0.113.7", ASKED._hash],
    [
      "event",
      "login",
      "2023-11-14T22:13:20.250Z",
      "malicious",
      writeJson(login.data),
      login._hash,
    ],
    ["attribute", "password", "", "", "secret", password._hash],
  ]);
});

Deno.test("writeCsv writes ranks as numbers, with bounds and flags", () => {
  const rows = read(ranksAnswer("http://example.com/"));
  deepEqual(rows[0], [
    "hash",
    "sub_type",
    "time",
    "category",
    "threatrank",
    "least",
    "most",
    "flags",
  ]);
  deepEqual(rows.map((row) => row.slice(1)).slice(1), [
    [
      "sighting",
      "2023-11-14T22:13:20.250Z",
      "unknown",
      "-0.375",
      "-0.5",
      "-0.25",
      "truncated evidence_cut",
    ],
    ["login", "2023-11-14T22:13:20.250Z", "malicious", "-1", "", "", ""],
  ]);
  deepEqual(read(hashAnswer())[1], ["e".repeat(64), "", "", "", "0", "", "", ""]);
});

Deno.test("writeCsv writes only the header of an empty answer", () => {
  equal(write(relatedAnswer({})), "sub_type,data\r\n");
  equal(write(relatedAnswer([])), "itype,sub_type,time,category,data,hash\r\n");
});

for (const text of HOSTILE_TEXTS) {
  Deno.test(`writeCsv keeps ${JSON.stringify(text.slice(0, 30))} in its cell`, () => {
    const cell = read(summaryAnswer([text]))[2]![1]!;
    const guard = /^[=+\-@\t\r]/.test(text) ? "'" : "";
    const escaped = text.toWellFormed().replace(
      /(?![\t\r\n])[\p{Cc}\u202a-\u202e]/gu,
      (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    equal(cell, guard + escaped);
  });
}

Deno.test("writeCsv does not let untrusted data begin like a formula", () => {
  const data = [...HOSTILE_TEXTS, ...OTHER_SCALARS];
  for (const result of [summaryAnswer(data), summaryGraphAnswer(data)]) {
    const cells = read(result).flat();
    equal(cells.some((cell) => /^[=+\-@\t\r]/.test(cell)), false);
  }
});

Deno.test("writeCsv writes values that are not strings as JSON", () => {
  const rows = read(summaryAnswer(OTHER_SCALARS)).slice(2, 2 + OTHER_SCALARS.length);
  deepEqual(rows.map(([, cell]) => cell), [
    "null",
    "true",
    "5",
    "1180591620717411303424",
    "1.5",
    "'-0.5",
    "NaN",
  ]);
});

Deno.test("writeCsv ends every row with CR LF (RFC 4180)", () => {
  match(write(summaryAnswer(["plain"])), /^(?:[^\r\n]+\r\n)+$/);
});
