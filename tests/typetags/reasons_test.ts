import { deepEqual, equal, match } from "../assert.ts";
import { countReasons, listReasons } from "../../lib/typetags/reasons.ts";

Deno.test("countReasons counts each reason, the most frequent first", () => {
  const rejected = [
    { record: 2, reason: "Not JSON: unexpected character at position 0" },
    { record: 3, reason: "a is missing" },
    { record: 5, reason: "Not JSON: unexpected character at position 17" },
  ];
  const reasons = countReasons(rejected);
  deepEqual(reasons, [
    { reason: "Not JSON: unexpected character", records: 2, first: 2 },
    { reason: "a is missing", records: 1, first: 3 },
  ]);
  equal(
    listReasons(reasons),
    "2 × Not JSON: unexpected character (first: 2), 1 × a is missing (first: 3)",
  );
  deepEqual([countReasons([]), listReasons([])], [[], ""]);
});

Deno.test("listReasons lists ten reasons and counts the others", () => {
  const rejected = Array.from({ length: 25 }, (_, n) => ({ record: n + 1, reason: `r${n}` }));
  match(listReasons(countReasons(rejected)), /, 1 × r9 \(first: 10\), and 15 other reasons$/);
});
