import { deepEqual } from "../assert.ts";
import { leaseLines } from "../../lib/cli/lease_lines.ts";

const HEAD = ["worker", "entries"];

Deno.test("leaseLines shows ten workers, and the number of the others", () => {
  const rows = Array.from({ length: 100 }, (_, i) => [`w${i}`, 9]);
  const lines = leaseLines(HEAD, rows, 5000).join("\n").split("\n");
  const last = lines.slice(-3).map((line) => line.replace(/ +/g, " "));
  deepEqual(last, ["w8 9", "w9 9", "and 4990 more workers"]);
  deepEqual(lines.length, 13);
});

Deno.test("leaseLines shows all of a few workers, and nothing without any", () => {
  deepEqual(leaseLines(HEAD, [["w", 1]], 1).join("\n").split("\n").length, 3);
  deepEqual(leaseLines(HEAD, [], 0), []);
});
