import fc from "fast-check";
import { deepEqual, equal, notEqual, ok } from "../assert.ts";
import { toLevels } from "../../lib/mongo/put_levels.ts";
import type { Event, Hash, Instance, Session } from "../../lib/tahoe/instance.ts";
import {
  attribute,
  event,
  hash,
  object,
  raw,
  report,
  session,
} from "../suites/instances/fixtures.ts";

/** Instances, children first, of which some come again. */
const instances = fc.array(
  fc.record({
    kind: fc.nat(5),
    refs: fc.array(fc.nat(1000), { maxLength: 4 }),
    again: fc.option(fc.nat(1000)),
  }),
  { maxLength: 60 },
).map((parts) => {
  const made: Instance[] = [];
  for (const [number, { kind, refs, again }] of parts.entries()) {
    const earlier = (kinds: readonly string[]) => {
      const some = made.filter(({ itype }) => kinds.includes(itype));
      return some.length === 0 ? [] : refs.map((at) => some[at % some.length]!._hash);
    };
    const children = earlier(["attribute", "object"]);
    const make = [
      () => attribute(hash(number)),
      () => object(hash(number), children),
      () => event(hash(number), children),
      () => session(hash(number), [...children, ...earlier(["event"])]),
      () => report(hash(number)),
      () => raw(hash(number), { _ref: earlier(["attribute", "object", "event", "session"]) }),
    ];
    made.push(make[kind]!());
    if (again !== null) made.push(made[again % made.length]!);
  }
  return made;
});

Deno.test("toLevels puts each hash once, above all that it refers to, and Raws last", () => {
  fc.assert(fc.property(instances, (given) => {
    const levels = toLevels(given);
    const levelOf = new Map<Hash, number>();
    for (const [level, members] of levels.entries()) {
      notEqual(members.length, 0);
      for (const { _hash } of members) levelOf.set(_hash, level);
    }
    equal(levels.flat().length, levelOf.size);
    deepEqual([...levelOf.keys()].toSorted(), [...new Set(given.map(({ _hash }) => _hash))].sort());
    for (const instance of levels.flat()) {
      const level = levelOf.get(instance._hash)!;
      const refs = "_ref" in instance ? instance._ref ?? [] : [];
      for (const ref of refs) ok((levelOf.get(ref) ?? -1) < level, ref);
      equal(instance.itype === "raw", level === levels.length - 1 && given.some(isRaw));
    }
  }));
});

function isRaw({ itype }: Instance): boolean {
  return itype === "raw";
}

Deno.test("toLevels merges what comes again", () => {
  const [seen, other] = [event(hash(1), [hash(8)]), event(hash(2), [hash(9)])];
  const levels = toLevels([
    seen,
    session(hash(3), [seen._hash]),
    { ...seen, category: "malicious", _mal_ref: [hash(8)] },
    other,
    session(hash(3), [other._hash]),
    attribute(hash(4), "first"),
    attribute(hash(4), "second"),
  ]);
  const [attributes, [first], [visit]] = levels as [Instance[], Event[], Session[]];
  deepEqual(attributes, [attribute(hash(4), "first")]);
  deepEqual(first, { ...seen, category: "malicious", _mal_ref: [hash(8)] });
  deepEqual(visit!._ref, [seen._hash, other._hash]);
});
