import { equal } from "../assert.ts";
import { questionText } from "../../lib/answers/answer_details.ts";
import type { Details } from "../../lib/tahoe/instance.ts";

Deno.test("questionText tells a text from the number that looks the same", () => {
  const details: Details = {
    question: { sub_type: "password", data: "123456" },
    asked: { sub_type: "password", data: "123456" },
    found: [
      { sub_type: "password", data: "123456", events: 1n },
      { sub_type: "password", data: 123456n, events: 2n },
      { sub_type: "password", data: "letmein", events: 3n },
    ],
    events: 6n,
    range: { from: null, to: 1_600_000_000, tzname: "UTC" },
  };
  equal(
    questionText("count", details),
    'count password 123456; found as password "123456" (1 event), password 123456 (2 events), ' +
      "password letmein (3 events); all time, up to now (2020-09-13T12:26:40Z), time zone UTC",
  );
});
