import fc from "fast-check";
import type { AskedAttributes, EventFilter } from "../../../lib/graph/graph.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import type { Child } from "../../../lib/tahoe/children.ts";
import { event } from "../../../lib/tahoe/event.ts";
import type { Event, Hash, Instance, Session } from "../../../lib/tahoe/instance.ts";
import { object } from "../../../lib/tahoe/object.ts";
import { addEvents, session } from "../../../lib/tahoe/session.ts";

const ORGIDS = ["o", "p", "q"];
const CATEGORIES = ["benign", "malicious", "unknown"] as const;
const TIMES = [NaN, Infinity, -1, 0, 1, 1.5, 2, 2, 2, 3];

const ATTRIBUTES = [
  attribute("ipv4", "192.0.2.1"),
  attribute("ipv4", "192.0.2.2"),
  attribute("domain", "example.com"),
  attribute("asn", 1n),
  attribute("asn", 1.0),
  attribute("url", null),
];

const someName = fc.record({
  subType: often("ipv4", ["domain"]),
  data: often("192.0.2.1", ["192.0.2.2", "example.com"]),
});

/** Attributes to ask about; the first one is in most events. */
export const ASKED_ATTRIBUTES: fc.Arbitrary<AskedAttributes> = fc.record({
  attributes: fc.oneof(
    someName.map((name) => [name]),
    fc.array(someName, { minLength: 1, maxLength: 4 }),
  ),
  context: often("all", CATEGORIES),
});

export const FILTERS: fc.Arbitrary<EventFilter> = fc.record({
  orgids: often(["o", "p"], [ORGIDS, ["o"], ["q"], []]),
  start: often(-Infinity, [-1, 1, 2]),
  end: often(Infinity, [3, 2, 0]),
  category: often("all", CATEGORIES),
});

const indices = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });

const eventShape = fc.record({
  holdsFirst: often(true, [false]),
  children: indices,
  orgid: often("o", ORGIDS),
  timestamp: fc.constantFrom(...TIMES),
  category: fc.constantFrom(...CATEGORIES),
  benign: fc.nat(9),
  malicious: fc.nat(9),
});

/** Archives of attributes, nested objects, events that hold both, and sessions of any events. */
export const ARCHIVES: fc.Arbitrary<Instance[]> = fc.record({
  objects: fc.array(indices, { maxLength: 4 }),
  events: fc.array(eventShape, { maxLength: 60, size: "max" }),
  sessions: fc.array(
    fc.record({ children: indices, events: fc.array(fc.nat(), { maxLength: 6 }) }),
    { maxLength: 6, size: "max" },
  ),
}).map((shape) => {
  const children: Child[] = [...ATTRIBUTES];
  for (const [number, members] of shape.objects.entries()) {
    children.push(object(`object${number}`, pick(children, members)));
  }
  const events = unique(shape.events.map((each) => makeEvent(each, children)));
  const sessions = unique(shape.sessions.map((each, number): Session => {
    const id = attribute("sessionid", `${number}`);
    const visit = session("visit", [id, ...pick(children, each.children)]);
    return addEvents(visit, pick(events, each.events));
  }));
  const ids = shape.sessions.map((_, number) => attribute("sessionid", `${number}`));
  return [...children, ...ids, ...events, ...sessions];
});

type EventShape = typeof eventShape extends fc.Arbitrary<infer Shape> ? Shape : never;

function makeEvent(shape: EventShape, children: readonly Child[]): Event {
  const { orgid, timestamp, category, benign, malicious } = shape;
  const first = shape.holdsFirst ? [children[0]!] : [];
  const members = [...new Set([...first, ...pick(children, shape.children)])];
  const sighting = event("sighting", members, { orgid, timestamp });
  const _ben_ref = sighting._ref.filter((_, index) => index === benign);
  const _mal_ref = sighting._ref.filter((_, index) => index === malicious && index !== benign);
  return { ...sighting, category, _ben_ref, _mal_ref };
}

/** Yields the usual value in four of five cases. */
function often<T>(usual: T, others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, {
    weight: 1,
    arbitrary: fc.constantFrom(...others),
  });
}

function pick<T>(items: readonly T[], indices: readonly number[]): T[] {
  return items.length === 0 ? [] : indices.map((index) => items[index % items.length]!);
}

function unique<T extends { readonly _hash: Hash }>(instances: readonly T[]): T[] {
  return [...new Map(instances.map((each) => [each._hash, each])).values()];
}
