import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { writeExposition } from "../../lib/metrics/exposition.ts";
import { Histogram } from "../../lib/metrics/histogram.ts";
import { readExposition, valueOf } from "./read_exposition.ts";

function writeHistogram(seconds: readonly number[]): string {
  const histogram = new Histogram({ name: "a_seconds", help: "A." });
  for (const each of seconds) histogram.observe(each);
  return writeExposition([histogram.family()]);
}

Deno.test("Histogram is valid to its readers, and each bucket counts durations within its bound", () => {
  const times = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 50 });
  fc.assert(fc.property(times, (seconds) => {
    const { samples } = readExposition(writeHistogram(seconds)).get("a_seconds")!;
    for (const { labels, value } of samples.filter(({ name }) => name.endsWith("_bucket"))) {
      const bound = Number(labels["le"]!.replace("Inf", "Infinity"));
      equal(value, seconds.filter((each) => each <= bound).length);
    }
    equal(samples.at(-1)!.value, seconds.length);
    equal(samples.at(-2)!.value, seconds.reduce((sum, each) => sum + each, 0));
  }));
});

Deno.test("Histogram counts a duration equal to a bound in that bucket", () => {
  const count = (le: string) =>
    valueOf(writeHistogram([0.005, 0.01, 120]), "a_seconds_bucket", { le });
  deepEqual(["0.005", "0.01", "60", "120", "+Inf"].map(count), [1, 2, 2, 3, 3]);
});

Deno.test("Histogram records a negative duration as 0", () => {
  equal(valueOf(writeHistogram([-1]), "a_seconds_sum"), 0);
  equal(valueOf(writeHistogram([-1]), "a_seconds_bucket", { le: "0.005" }), 1);
});
