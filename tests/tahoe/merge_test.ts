import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import type { Category, Event, Raw, Session } from "../../lib/tahoe/instance.ts";
import { LATEST_KEPT } from "../../lib/tahoe/instances.ts";
import { mergeInstance } from "../../lib/tahoe/merge.ts";
import {
  attribute,
  event,
  evidence,
  hash,
  raw,
  report,
  session,
  source,
} from "../suites/instances/fixtures.ts";

const [a, b, c] = [hash("a"), hash("b"), hash("c")];

Deno.test("mergeInstance unites an event's contexts and keeps everything else", () => {
  const present = event(hash(1), [a, b, c], { _ben_ref: [c], _mal_ref: [a] });
  const added = event(hash(1), [b], { orgid: "x", timestamp: 0, data: {}, _mal_ref: [b, a] });
  deepEqual(mergeInstance(present, added), { ...present, _mal_ref: [a, b] });
});

const CATEGORIES: readonly [Category, Category, Category][] = [
  ["unknown", "unknown", "unknown"],
  ["unknown", "malicious", "malicious"],
  ["malicious", "unknown", "malicious"],
  ["malicious", "benign", "malicious"],
  ["benign", "malicious", "benign"],
];

for (const [present, added, wanted] of CATEGORIES) {
  Deno.test(`mergeInstance makes category ${wanted} of stored ${present} and new ${added}`, () => {
    const [first, second] = [present, added].map((category) => event(hash(1), [a], { category }));
    equal(mergeInstance(first as Event, second as Event).category, wanted);
  });
}

Deno.test("mergeInstance gives a session new events and its latest times", () => {
  const present: Session = { ...session(hash(1), [a, b]), start_time: 1, duration: "5" };
  const added: Session = { ...session(hash(1), [c, b]), _cref: [c], end_time: 2, duration: 5n };
  const wanted = { ...present, _ref: [a, b, c], end_time: 2, duration: 5n };
  deepEqual(mergeInstance(present, added), wanted);
});

Deno.test("mergeInstance distinguishes sources by every field, and 1 from 1.0", () => {
  const counted = (count: bigint | number) => ({ ...source(1), skipped: { line: count } });
  const present = raw(hash(1), { _sources: [source(1), counted(1n)] });
  const added = raw(hash(1), { _sources: [counted(1), source(1), source(1, null)], _valid: false });
  const _sources = [source(1), counted(1n), counted(1), source(1, null)];
  deepEqual(mergeInstance(present, added), { ...present, _sources, _valid: false });
});

Deno.test("mergeInstance creates a set that is missing or is not a set", () => {
  const added = raw(hash(1), { _ref: [a], filters: [] });
  const odd = { ...raw(hash(1)), _ref: null } as unknown as Raw;
  for (const present of [raw(hash(1)), odd]) {
    deepEqual(mergeInstance(present, added), { ...present, _ref: [a], filters: [] });
  }
});

Deno.test("mergeInstance gives a report the evidence of other events, and the latest of each event", () => {
  const present = report(hash(1), [evidence(a, 1), evidence(b, 1)]);
  const added = report(hash(1), [evidence(a, 2), evidence(c, 1)]);
  const wanted = [evidence(b, 1), evidence(a, 2), evidence(c, 1)];
  deepEqual(mergeInstance(present, added), { ...present, evidence: wanted });
  deepEqual(mergeInstance(report(hash(1)), added), added);
});

Deno.test("mergeInstance keeps only the latest evidence, up to a limit", () => {
  const all = Array.from({ length: LATEST_KEPT + 5 }, (_, i) => evidence(hash(i), 1));
  const present = report(hash(1), all.slice(0, LATEST_KEPT - 1));
  const added = report(hash(1), all.slice(LATEST_KEPT - 1));
  deepEqual(mergeInstance(present, added).evidence, all.slice(5));
});

Deno.test("mergeInstance leaves an attribute unchanged", () => {
  const present = attribute(hash(1), "first");
  deepEqual(mergeInstance(present, attribute(hash(1), "second")), present);
});

Deno.test("mergeInstance is idempotent", () => {
  const sets = fc.uniqueArray(fc.constantFrom(a, b, c));
  const events = fc.record({
    _ben_ref: sets,
    _mal_ref: sets,
    category: fc.constantFrom("unknown", "benign", "malicious"),
  }).map((fields): Event => event(hash(1), [a, b, c], fields));
  fc.assert(fc.property(events, events, (present, added) => {
    const once = mergeInstance(present, added);
    deepEqual(mergeInstance(once, added), once);
    deepEqual(mergeInstance(once, present), once);
    deepEqual(mergeInstance(present, present), present);
  }));
});
