import { equal } from "../assert.ts";
import { table } from "../../lib/cli/table.ts";

Deno.test("table aligns columns, with numbers to the right", () => {
  equal(
    table(["name", "n"], [["a", 1], ["long", 100]]),
    ["name    n", "a       1", "long  100"].join("\n"),
  );
});

Deno.test("table counts wide characters as two columns", () => {
  equal(table(["a", "b"], [["端", "x"], ["abc", "y"]]), "a    b\n端   x\nabc  y");
});

Deno.test("table writes null as - and leaves no spaces at line ends", () => {
  equal(table(["a", "b"], [["x", null], ["y", ""]]), "a  b\nx  -\ny");
});

Deno.test("table prevents cells from controlling the terminal or starting a line", () => {
  equal(table(["a"], [["\x1b[2J\n"]]), "a\n\\u001b[2J\\u000a");
});
