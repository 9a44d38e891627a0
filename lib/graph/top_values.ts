import type { Hash } from "../tahoe/instance.ts";
import { type AskedAttributes, type EventFilter, type Graph, holderFilter } from "./graph.ts";
import type { CountedAttribute } from "./related/reference_counter.ts";

/** The newest events of an indicator, in which values are counted. */
const COUNTED_EVENTS = 1000;

/** Events that are read at once. */
const BATCH = 250;

export type TopValuesOptions = {
  readonly filter: EventFilter;
  /** The most values that are returned. */
  readonly limit: number;
  /** Only values of this sub-type. */
  readonly subType?: string;
};

export type TopValues = {
  /** Values, those in most of the events first. */
  readonly values: readonly CountedAttribute[];
  /** Number of the newest events that were looked at. */
  readonly counted: number;
};

/** Finds what most of the newest events of an indicator hold, too. */
export async function topValues(
  graph: Graph,
  asked: AskedAttributes,
  { filter, limit, subType }: TopValuesOptions,
): Promise<TopValues> {
  const held = holderFilter(asked);
  const counts = new Map<Hash, number>();
  let counted = 0;
  while (counted < COUNTED_EVENTS) {
    const events = await graph.holders(held, filter, { skip: counted, limit: BATCH });
    for (const hash of events.flatMap(({ _ref }) => [...new Set(_ref)])) {
      counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
    counted += events.length;
    if (events.length < BATCH) break;
  }
  for (const hash of held.hashes) counts.delete(hash);
  return { values: await nameMost(graph, counts, { limit, subType }), counted };
}

/** Returns the attributes with the highest counts; equal ones by hash. */
async function nameMost(
  graph: Pick<Graph, "get">,
  counts: ReadonlyMap<Hash, number>,
  { limit, subType }: { readonly limit: number; readonly subType: string | undefined },
): Promise<CountedAttribute[]> {
  const hashes = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([hash]) => hash);
  const found: CountedAttribute[] = [];
  for (let next = 0; next < hashes.length && found.length < limit; next += BATCH) {
    const batch = hashes.slice(next, next + BATCH);
    const instances = new Map((await graph.get(batch)).map((each) => [each._hash, each]));
    for (const hash of batch) {
      const instance = instances.get(hash);
      if (instance?.itype !== "attribute") continue;
      if (subType !== undefined && instance.sub_type !== subType) continue;
      const { sub_type, data } = instance;
      found.push({ subType: sub_type, data, events: counts.get(hash)! });
    }
  }
  return found.slice(0, limit);
}
