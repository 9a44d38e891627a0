import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import {
  apiAddress,
  questionAbout,
  questionAddress,
  readLiveQuestion,
} from "../../page/live/live_question.ts";

Deno.test("readLiveQuestion reads what questionAddress wrote", () => {
  const text = fc.string({ minLength: 1, unit: "binary" }).filter((each) =>
    each.isWellFormed() && each === each.trim()
  );
  const question = fc.record(
    { q: text, sub_type: text, from: text, to: text, last: text },
    { requiredKeys: ["q"] },
  );
  fc.assert(fc.property(question, (asked) => {
    deepEqual(readLiveQuestion(new URL(questionAddress(asked), "http://127.0.0.1")), { ...asked });
  }));
});

Deno.test("readLiveQuestion needs a value, and takes nothing else", () => {
  equal(readLiveQuestion({ search: "", hash: "" }), undefined);
  equal(readLiveQuestion({ search: "?q=%20&sub_type=url", hash: "" }), undefined);
  deepEqual(readLiveQuestion({ search: "?q=a&token=b&tzname=c", hash: "#q=d" }), { q: "a" });
});

Deno.test("questionAbout leaves out what an address cannot hold", () => {
  deepEqual(questionAbout({ subType: "asn", data: 64500n }), { q: "64500", sub_type: "asn" });
  for (const data of ["", " x", "x\n", "half \ud800", "x".repeat(2000)]) {
    equal(questionAbout({ subType: "filename", data }), undefined);
  }
});

Deno.test("apiAddress escapes whatever a value contains", () => {
  const address = apiAddress("count", { q: "a&b=c#d?e/../f" }, { by: "day" });
  const { pathname, searchParams } = new URL(address, "http://127.0.0.1");
  deepEqual([pathname, searchParams.get("q"), searchParams.get("by")], [
    "/api/v1/count",
    "a&b=c#d?e/../f",
    "day",
  ]);
});
