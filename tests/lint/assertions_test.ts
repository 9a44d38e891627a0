import { deepEqual } from "../assert.ts";
import { faults, flagged } from "./faults.ts";

const WANTED = [
  'import { equal, ok } from "../assert.ts";',
  'import path from "node:path";',
  "ok(a < b, String(a));",
  "assert.ok(a < b, String(a));",
  "ok(found.includes(a));",
  "ok(a !== b);",
  "notOk(a < b);",
  "store.ok(a < b);",
];

const UNWANTED = [
  'import assert from "node:assert/strict";',
  'import * as assert from "node:assert/strict";',
  'import assert, { equal } from "node:assert";',
  'import { equal, ok } from "node:assert/strict";',
  "ok(a < b);",
  "ok(a >= b && b > 0);",
  "assert(a <= b);",
  "assert.ok(a > b);",
];

Deno.test("assertions accepts the strict ones, and comparisons that show the value", () => {
  deepEqual(flagged("assertions", WANTED), []);
});

Deno.test("assertions flags other imports, and comparisons that show nothing", () => {
  deepEqual(flagged("assertions", UNWANTED), UNWANTED);
});

Deno.test("assertions says what to write instead", () => {
  deepEqual(faults("assertions", 'import assert from "node:assert/strict"; ok(a < b);'), [
    [
      'import assert from "node:assert/strict";',
      "Import from tests/assert.ts, whose assertions are strict",
    ],
    ["ok(a < b)", "Show the value: ok(a < b, String(a))"],
  ]);
});
