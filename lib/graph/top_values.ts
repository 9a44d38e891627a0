import { DamagedInstance } from "../errors.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import { Budget } from "./budget.ts";
import {
  type AskedAttributes,
  type EventFilter,
  type Graph,
  holderFilter,
  type Serial,
} from "./graph.ts";
import type { CountedAttribute } from "./related/reference_counter.ts";

/** The newest events of an indicator, in which values are counted. */
const COUNTED_EVENTS = 1000;

/** The events of all that are visible in which values are counted: those that were stored last. */
const LATEST_EVENTS = 10_000;

/** Instances among which the latest events are looked for at once. */
const LATEST_ROWS = 2000;

/** Seconds for which the latest events are looked for: a user may see few of many. */
const LATEST_SECONDS = 1;

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
    for (const { _ref } of events) countOnce(counts, _ref);
    counted += events.length;
    if (events.length < BATCH) break;
  }
  for (const hash of held.hashes) counts.delete(hash);
  return { values: await nameMost(graph, counts, { limit, subType }), counted };
}

/** Values that most of the latest events hold, and whether these are all events that pass the filter. */
export type LatestTopValues = TopValues & { readonly complete: boolean };

/**
 * Finds what most of the events hold that were stored last. It takes no longer in a large archive than
 * in a small one: it stops after so many events, or so long.
 */
export async function topLatestValues(
  graph: Pick<Graph, "get" | "latestEvents">,
  { filter, limit, subType }: TopValuesOptions,
  seconds = LATEST_SECONDS,
): Promise<LatestTopValues> {
  const budget = new Budget(seconds);
  const counts = new Map<Hash, number>();
  let counted = 0;
  let before: Serial | undefined;
  do {
    const range = { ...(before !== undefined && { before }), rows: LATEST_ROWS };
    const { references, next } = await graph.latestEvents(filter, range);
    for (const hashes of references) countOnce(counts, hashes);
    counted += references.length;
    before = next;
  } while (before !== undefined && counted < LATEST_EVENTS && !budget.expired);
  const readable = { get: (hashes: readonly Hash[]) => getReadable(graph, hashes) };
  const values = await nameMost(readable, counts, { limit, subType });
  return { values, counted, complete: before === undefined };
}

/** Returns instances but those that cannot be read: one of them must not cost everybody the answer. */
async function getReadable(
  graph: Pick<Graph, "get">,
  hashes: readonly Hash[],
): Promise<Instance[]> {
  try {
    return await graph.get(hashes);
  } catch (error) {
    if (!(error instanceof DamagedInstance)) throw error;
    if (hashes.length === 1) return [];
    const half = hashes.length >> 1;
    return [
      ...await getReadable(graph, hashes.slice(0, half)),
      ...await getReadable(graph, hashes.slice(half)),
    ];
  }
}

/** Counts what an event holds, each once. */
function countOnce(counts: Map<Hash, number>, references: readonly Hash[]): void {
  for (const hash of new Set(references)) counts.set(hash, (counts.get(hash) ?? 0) + 1);
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
