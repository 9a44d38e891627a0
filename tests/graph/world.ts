import type { EdgeEvent } from "../../lib/graph/edges.ts";
import type { Category, Event, Hash, Instance } from "../../lib/tahoe/instance.ts";

/** A small archive: its events, and what they refer to. */
export type World = {
  readonly events: readonly (EdgeEvent & { readonly orgid: string })[];
  /** References that are objects; all others are attributes. */
  readonly objects: ReadonlySet<Hash>;
};

/** Returns the events of the organisations that have a finite time, without their objects. */
export function visibleEvents({ events, objects }: World, orgids: readonly string[]): EdgeEvent[] {
  return events
    .filter(({ orgid, timestamp }) => orgids.includes(orgid) && Number.isFinite(timestamp))
    .map((event) => ({
      ...event,
      references: [...new Set(event.references)].filter((hash) => !objects.has(hash)),
    }));
}

/** Makes the documents of a world, as a store holds them. */
export function toDocuments({ events, objects }: World): Instance[] {
  const references = new Set(events.flatMap((event) => event.references));
  const members = [...references].map((_hash): Instance =>
    objects.has(_hash)
      ? { itype: "object", sub_type: "file", data: {}, _cref: [], _ref: [], _hash }
      : { itype: "attribute", sub_type: "ipv4", data: _hash, _hash }
  );
  return [...members, ...events.map(toEvent)];
}

function toEvent({ hash, references, ...fields }: World["events"][number]): Event {
  return {
    itype: "event",
    sub_type: "sighting",
    data: {},
    _cref: references,
    _ref: references,
    _ben_ref: [],
    _mal_ref: [],
    _hash: hash,
    ...fields,
  };
}

/** Makes the world that the documents describe. */
export function worldOf(instances: readonly Instance[]): World {
  const events = instances.filter((each) => each.itype === "event");
  return {
    events: events.map(({ _hash, _ref, orgid, timestamp, category }) => ({
      hash: _hash,
      references: _ref,
      orgid,
      timestamp,
      category,
    })),
    objects: new Set(instances.filter(({ itype }) => itype === "object").map(({ _hash }) => _hash)),
  };
}

/** Makes a hash that is easy to recognise in the output of a failed test. */
export function hashOfNumber(kind: "a" | "e" | "0", index: number): Hash {
  return kind + String(index).padStart(63, "0");
}

/** An event by the numbers of what it holds. */
export type EventSketch = {
  readonly attributes: readonly number[];
  readonly orgid?: string;
  /** Days before now. */
  readonly age?: number;
  readonly category?: Category;
  readonly objects?: readonly number[];
};

/** Time at which the worlds are ranked, in seconds since 1970. */
export const NOW = 1_600_000_000;

/** Makes a world whose events and references are numbered from 0. */
export function worldFrom(sketches: readonly EventSketch[]): World {
  const objects = sketches.flatMap((sketch) => sketch.objects ?? []);
  return {
    events: sketches.map((sketch, index) => ({
      hash: hashOfNumber("e", index),
      references: [
        ...sketch.attributes.map((i) => hashOfNumber("a", i)),
        ...(sketch.objects ?? []).map((i) => hashOfNumber("0", i)),
      ],
      orgid: sketch.orgid ?? "org",
      timestamp: NOW - 86_400 * (sketch.age ?? 0),
      category: sketch.category ?? "unknown",
    })),
    objects: new Set(objects.map((i) => hashOfNumber("0", i))),
  };
}
