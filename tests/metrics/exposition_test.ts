import { deepEqual, equal, throws } from "../assert.ts";
import fc from "fast-check";
import { writeExposition } from "../../lib/metrics/exposition.ts";
import { gauge } from "../../lib/metrics/gauge.ts";
import { readExposition, valueOf } from "./read_exposition.ts";

Deno.test("writeExposition writes help, type and samples, line by line", () => {
  const requests = {
    name: "http_requests_total",
    help: "Requests, \\ escaped,\nof two lines.",
    type: "counter" as const,
    samples: [
      { labels: { method: "post", code: "200" }, value: 1027 },
      { labels: {}, value: 0.5 },
    ],
  };
  equal(
    writeExposition([requests, gauge({ name: "up", help: "Whether." }, Infinity)]),
    [
      "# HELP http_requests_total Requests, \\\\ escaped,\\nof two lines.",
      "# TYPE http_requests_total counter",
      'http_requests_total{method="post",code="200"} 1027',
      "http_requests_total 0.5",
      "# HELP up Whether.",
      "# TYPE up gauge",
      "up +Inf",
      "",
    ].join("\n"),
  );
});

Deno.test("writeExposition escapes every label so that it can be read back unchanged", () => {
  const parts = fc.constantFrom("\\", '"', "\n", "n", "{", "}", ",", "=", " ", "é", "#");
  const texts = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(parts).map((all) => all.join("")),
  );
  fc.assert(fc.property(texts, texts, (label, help) => {
    const text = writeExposition([gauge({ name: "a", help: `x${help}` }, 1, { label })], {
      common: label,
    });
    const [sample] = readExposition(text).get("a")!.samples;
    deepEqual(sample, { name: "a", labels: { common: label, label }, value: 1 });
    equal(readExposition(text).get("a")!.help, `x${help}`);
  }));
});

Deno.test("writeExposition writes every number so that it can be read back unchanged", () => {
  fc.assert(fc.property(fc.double(), (value) => {
    equal(
      valueOf(writeExposition([gauge({ name: "a", help: "A." }, value)]), "a"),
      value === 0 ? 0 : value,
    );
  }));
});

Deno.test("readExposition rejects text that breaks the rules", () => {
  const broken = [
    "# HELP a A.\n# TYPE a gauge\na 1",
    "a 1\n",
    "# HELP a A.\n# TYPE b gauge\na 1\n",
    "# HELP a A.\n# TYPE a counter\na 1\n",
    "# HELP a A.\n# TYPE a gauge\na 1\na 2\n",
    '# HELP a A.\n# TYPE a gauge\na{b="\\x"} 1\n',
    '# HELP a A.\n# TYPE a gauge\na{b="""} 1\n',
    "# HELP a A.\n# TYPE a gauge\na one\n",
    '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
    '# HELP a A.\n# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\na_count 2\n',
  ];
  for (const text of broken) throws(() => readExposition(text), { name: "AssertionError" }, text);
});
