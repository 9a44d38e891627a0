import { attribute } from "../tahoe/attribute.ts";
import type { Details, Hash } from "../tahoe/instance.ts";
import type { Scalar } from "../tahoe/value.ts";

/** Numbers of the answer's events that hold an attribute, by its hash. */
export function eventCounts(details: Details | undefined): ReadonlyMap<Hash, number> {
  return new Map(
    (details?.attributes ?? []).map(({ sub_type, data, events }) => [
      attribute(String(sub_type), data as Scalar)._hash,
      Number(events),
    ]),
  );
}
