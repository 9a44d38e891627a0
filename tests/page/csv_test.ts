import { deepEqual, equal } from "../assert.ts";
import { parse } from "csv-parse/sync";
import { csvText } from "../../page/csv.ts";
import { writeCsv } from "../../lib/answers/export/csv.ts";
import { readContent } from "../../lib/answers/answer_content.ts";
import { valueText } from "../../lib/answers/value_text.ts";
import { printable } from "../../lib/printable.ts";
import { HOSTILE_TEXTS, summaryAnswer } from "../answers/export/answers.ts";

const TEXTS = HOSTILE_TEXTS.filter((text) => text.length < 1000);

Deno.test("csvText writes values as the command line's CSV does", () => {
  const content = readContent(summaryAnswer([...TEXTS, 5n, 1.5, true, null]));
  if (content.kind !== "summary") throw new TypeError("Not a summary");
  const rows = content.attributes.map(({ attribute: { sub_type, data } }) => [
    sub_type,
    valueText(data).replace(/[^\t\r\n]+/g, printable),
  ]);
  const read = (text: string) => parse(text, { record_delimiter: "\r\n" });
  const text = csvText({ columns: ["sub_type", "data"], rows });
  deepEqual(read(text), read(writeCsv(content)));
});

Deno.test("csvText writes numbers as they are, and nothing where nothing is", () => {
  equal(csvText({ columns: ["a", "b"], rows: [[-1, undefined]] }), "a,b\r\n-1,\r\n");
});
