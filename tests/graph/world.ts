import type { EdgeEvent } from "../../lib/graph/edges.ts";
import type { Category, Event, Hash, Instance } from "../../lib/tahoe/instance.ts";

/** A small archive by its references. */
export type World = {
  readonly events: readonly (EdgeEvent & { readonly orgid: string })[];
  /** The references that are objects; all others are attributes. */
  readonly objects: ReadonlySet<Hash>;
};

/** What of the world these organisations see, at finite times, objects left out. */
export function visible({ events, objects }: World, orgids: readonly string[]): EdgeEvent[] {
  return events
    .filter(({ orgid, timestamp }) => orgids.includes(orgid) && Number.isFinite(timestamp))
    .map((event) => ({
      ...event,
      references: [...new Set(event.references)].filter((hash) => !objects.has(hash)),
    }));
}

/** The documents of such an archive, as a store holds them. */
export function documents({ events, objects }: World): Instance[] {
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

/** The world that documents describe. */
export function worldOf(instances: readonly Instance[]): World {
  const events = instances.filter((one) => one.itype === "event");
  return {
    events: events.map(({ _hash, _ref, orgid, timestamp, category }) => ({
      hash: _hash,
      references: _ref,
      orgid,
      timestamp,
      category,
    })),
    objects: new Set(instances.filter((one) => one.itype === "object").map((one) => one._hash)),
  };
}

/** A hash that can be told from others. */
export function hashOfNumber(kind: "a" | "e" | "0", index: number): Hash {
  return kind + String(index).padStart(63, "0");
}

export type EventSketch = {
  readonly attributes: readonly number[];
  readonly orgid?: string;
  /** Days before now. */
  readonly age?: number;
  readonly category?: Category;
  readonly objects?: readonly number[];
};

/** Seconds since 1970 at which these worlds are looked at. */
export const now = 1_600_000_000;

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
      timestamp: now - 86_400 * (sketch.age ?? 0),
      category: sketch.category ?? "unknown",
    })),
    objects: new Set(objects.map((i) => hashOfNumber("0", i))),
  };
}
