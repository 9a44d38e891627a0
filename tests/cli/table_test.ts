import { deepEqual, equal, ok } from "../assert.ts";
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

Deno.test("table aligns numbers to the right even if the first row has none", () => {
  equal(table(["n"], [[null], [100]], 40), "  n\n  -\n100");
});

Deno.test("table without names has no line of them", () => {
  equal(table([], [["state", "ERROR"], ["reason", "x"]]), "state   ERROR\nreason  x");
});

Deno.test("table prevents cells from controlling the terminal or starting a line", () => {
  equal(table(["a"], [["\x1b[2J\n"]]), "a\n\\u001b[2J\\u000a");
});

const HASH = "0123456789abcdef".repeat(4);

Deno.test("table cuts nothing where there is no screen, and long cells make no room", () => {
  const long = "x".repeat(500);
  equal(
    table(["data", "n"], [["a", 1], [long, 2]], Infinity),
    `data  n\na     1\n${long}  2`,
  );
});

Deno.test("table folds long cells on a screen, the widest columns first", () => {
  equal(
    table(["name", "hash", "n"], [["ann", HASH, 7]], 45),
    [
      "name  hash                                 n",
      `ann   ${HASH.slice(0, 36)}  7`,
      `      ${HASH.slice(36)}`,
    ]
      .join("\n").replace("hash                                 n", `hash${" ".repeat(34)}n`),
  );
  const words = table(["n", "text"], [[1, "some words that do not fit on one line"]], 23);
  equal(words, "n  text\n1  some words that do\n   not fit on one line");
});

Deno.test("table cuts what takes more than four lines of a screen", () => {
  const lines = table(["n", "body"], [[1, "0123456789".repeat(99)]], 33).split("\n");
  equal(lines.length, 5);
  ok(lines.at(-1)!.endsWith("…"), lines.at(-1)!);
  for (const line of lines) ok(line.length <= 33, line);
});

Deno.test("table cuts no hash, however narrow the screen", () => {
  for (let width = 20; width < 80; width++) {
    const head = ["orgname", "users", "admins", "hash"];
    const text = table(head, [["lab.example.org", "ann@example.org", "-", HASH]], width);
    equal(text.includes("…"), false, text);
  }
});

Deno.test("table lists the cells of each row where the columns have no room", () => {
  const head = ["value", "first seen", "last seen", "hash"];
  const row = ["192.0.2.1", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "端".repeat(20)];
  deepEqual(table(head, [row, row], 40).split("\n").slice(0, 6), [
    "value       192.0.2.1",
    "first seen  2026-01-01T00:00:00Z",
    "last seen   2026-01-02T00:00:00Z",
    `hash        ${"端".repeat(14)}`,
    `            ${"端".repeat(6)}`,
    "",
  ]);
});
