import { deepEqual, ok } from "../assert.ts";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { readCsv } from "../../lib/typetags/csv_rows.ts";

Deno.test("readCsv reads quoted and plain cells, without the blanks around them", () => {
  const text = 'a, "b" ,c\r\n\n \n"x,y""z",,"two\nlines"\n4,5" "6",\n"",\n"1",2,3';
  deepEqual(readCsv(text), [
    ["a", "b", "c"],
    ['x,y"z', "", "two\nlines"],
    ["4", '5" "6"', ""],
    ["1", "2", "3"],
  ]);
  deepEqual(readCsv(""), []);
});

Deno.test("readCsv gives up a row with a bad quotation mark, and no other", () => {
  const texts = [
    'a,b\n1,"x\n3,y\n',
    'a,b\n1,"x"y\n3,y\n',
    'a,b\n1,"x" "y"\n3,y',
    'a,b\n"1,x\n3,y\n',
  ];
  for (const text of texts) deepEqual(readCsv(text), [["a", "b"], undefined, ["3", "y"]], text);
  deepEqual(readCsv('a,b\n"1,x\n2,y"\n3,z'), [["a", "b"], undefined, ["2", 'y"'], ["3", "z"]]);
  deepEqual(readCsv('a,b\n"1,x\n"2,y\n3,z'), [["a", "b"], undefined, undefined, ["3", "z"]]);
});

Deno.test("readCsv reads what a CSV library writes", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "é", "#") })
    .map((text) => text.trim());
  const row = fc.array(cell, { minLength: 3, maxLength: 3 });
  const table = fc.array(row, { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(table, (rows) => {
    const expected = rows.filter((cells) => cells.some((value) => value !== ""));
    for (const quoted of [true, false]) {
      const text = stringify([["x", "y", "z"], ...rows], { quoted });
      deepEqual(readCsv(text), [["x", "y", "z"], ...expected]);
    }
  }));
});

Deno.test("readCsv takes time in proportion to the text, whatever its quotation marks", () => {
  const lines = 'a,"b\n'.repeat(100_000) + '"' + 'a""b\n'.repeat(100_000) + '""a\n'.repeat(100_000);
  const start = performance.now();
  readCsv(lines);
  const ms = performance.now() - start;
  ok(ms < 5000, String(ms));
});
