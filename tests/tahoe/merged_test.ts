import assert from "node:assert/strict";
import fc from "fast-check";
import type { Category, Event, Raw, Session } from "../../lib/tahoe/instance.ts";
import { LATEST } from "../../lib/tahoe/instances.ts";
import { merged } from "../../lib/tahoe/merged.ts";
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

Deno.test("merged unites an event's contexts and keeps all else", () => {
  const present = event(hash(1), [a, b, c], { _ben_ref: [c], _mal_ref: [a] });
  const added = event(hash(1), [b], { orgid: "x", timestamp: 0, data: {}, _mal_ref: [b, a] });
  assert.deepEqual(merged(present, added), { ...present, _mal_ref: [a, b] });
});

const categories: readonly [Category, Category, Category][] = [
  ["unknown", "unknown", "unknown"],
  ["unknown", "malicious", "malicious"],
  ["malicious", "unknown", "malicious"],
  ["malicious", "benign", "malicious"],
  ["benign", "malicious", "benign"],
];

for (const [present, added, wanted] of categories) {
  Deno.test(`merged makes ${wanted} of a ${present} event and one that is ${added}`, () => {
    const [first, second] = [present, added].map((category) => event(hash(1), [a], { category }));
    assert.equal(merged(first as Event, second as Event).category, wanted);
  });
}

Deno.test("merged gives a session new events and its latest times", () => {
  const present: Session = { ...session(hash(1), [a, b]), start_time: 1, duration: "5" };
  const added: Session = { ...session(hash(1), [c, b]), _cref: [c], end_time: 2, duration: 5n };
  const wanted = { ...present, _ref: [a, b, c], end_time: 2, duration: 5n };
  assert.deepEqual(merged(present, added), wanted);
});

Deno.test("merged tells sources apart by every field, and 1 from 1.0", () => {
  const counted = (count: bigint | number) => ({ ...source(1), skipped: { line: count } });
  const present = raw(hash(1), { _sources: [source(1), counted(1n)] });
  const added = raw(hash(1), { _sources: [counted(1), source(1), source(1, null)], _valid: false });
  const _sources = [source(1), counted(1n), counted(1), source(1, null)];
  assert.deepEqual(merged(present, added), { ...present, _sources, _valid: false });
});

Deno.test("merged makes a set where there was none, or what is no set", () => {
  const added = raw(hash(1), { _ref: [a], filters: [] });
  const odd = { ...raw(hash(1)), _ref: null } as unknown as Raw;
  for (const present of [raw(hash(1)), odd]) {
    assert.deepEqual(merged(present, added), { ...present, _ref: [a], filters: [] });
  }
});

Deno.test("merged gives a report the evidence of other events, and an event's latest", () => {
  const present = report(hash(1), [evidence(a, 1), evidence(b, 1)]);
  const added = report(hash(1), [evidence(a, 2), evidence(c, 1)]);
  const wanted = [evidence(b, 1), evidence(a, 2), evidence(c, 1)];
  assert.deepEqual(merged(present, added), { ...present, evidence: wanted });
  assert.deepEqual(merged(report(hash(1)), added), added);
});

Deno.test("merged keeps the latest evidence, and no more than a number of it", () => {
  const all = Array.from({ length: LATEST + 5 }, (_, i) => evidence(hash(i), 1));
  const present = report(hash(1), all.slice(0, LATEST - 1));
  const added = report(hash(1), all.slice(LATEST - 1));
  assert.deepEqual(merged(present, added).evidence, all.slice(5));
});

Deno.test("merged leaves an attribute as it is", () => {
  const present = attribute(hash(1), "first");
  assert.deepEqual(merged(present, attribute(hash(1), "second")), present);
});

Deno.test("merged of the same again is the same", () => {
  const sets = fc.uniqueArray(fc.constantFrom(a, b, c));
  const events = fc.record({
    _ben_ref: sets,
    _mal_ref: sets,
    category: fc.constantFrom("unknown", "benign", "malicious"),
  }).map((fields): Event => event(hash(1), [a, b, c], fields));
  fc.assert(fc.property(events, events, (present, added) => {
    const once = merged(present, added);
    assert.deepEqual(merged(once, added), once);
    assert.deepEqual(merged(once, present), once);
    assert.deepEqual(merged(present, present), present);
  }));
});
