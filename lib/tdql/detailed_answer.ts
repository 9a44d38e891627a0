import { findAsked, type Found } from "../graph/found.ts";
import { type EventFilter, type Graph, holderFilter } from "../graph/graph.ts";
import {
  type CountedAttribute,
  PAGE_SIZE,
  related,
  type RelatedOptions,
  type RelatedPage,
} from "../graph/related.ts";
import {
  type LatestTopValues,
  topLatestValues,
  type TopValues,
  topValues,
  type TopValuesOptions,
} from "../graph/top_values.ts";
import { containers } from "../indicators/containers.ts";
import { networkAddresses } from "../indicators/network_addresses.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import type { Details } from "../tahoe/instance.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import { adviceOnNothing } from "./advice_on_nothing.ts";
import { findHeld } from "./held.ts";
import { listIntervals } from "./intervals.ts";
import type { AttributeQuery, CountQuery, RelatedQuery, Selection } from "./query.ts";
import { timeZoneOf } from "./time_range.ts";

/** Counts events, and says what was asked and found, and when the events were. */
export async function countInDetail(
  graph: Graph,
  query: CountQuery,
  filter: EventFilter,
): Promise<{ readonly data: bigint; readonly details: Details }> {
  const found = await findAsked(graph, query, filter);
  const held = holderFilter({ attributes: found.attributes, context: query.context });
  const span = await graph.timeSpan(held, filter);
  const { by } = query;
  const details = {
    ...describe(query, found, filter),
    ...await explainNothing(graph, query, { found, filter }),
    ...(span !== undefined && { first_seen: span.first, last_seen: span.last }),
    ...(by !== undefined &&
      { histogram: await histogram(graph, { ...query, by }, { held, filter, span }) }),
  };
  return { data: BigInt(found.events), details };
}

/** Finds what is related, and says what was asked and found, and what the events have in common. */
export async function relatedInDetail(
  graph: Graph,
  query: RelatedQuery,
  options: RelatedOptions,
): Promise<Omit<RelatedPage, "attributes"> & { readonly details: Details }> {
  const found = await findAsked(graph, query, options.filter);
  const asked = { attributes: found.attributes, context: query.context };
  const showsAttributes = query.summary || query.summaryGraph ||
    ["all", "attribute"].includes(query.returnType);
  const { attributes, ...page } = await related(graph, asked, {
    ...options,
    countAttributes: showsAttributes,
  });
  const details = {
    ...describe(query, found, options.filter),
    ...await explainNothing(graph, query, { found, filter: options.filter }),
    pages: BigInt(Math.max(1, Math.ceil(found.events / PAGE_SIZE))),
    ...(attributes !== undefined && { attributes: attributes.map(countedFields) }),
  };
  return { ...page, details };
}

/** Finds what most of the newest events hold, too, and says what was asked and found. */
export async function topInDetail(
  graph: Graph,
  query: AttributeQuery,
  options: TopValuesOptions,
): Promise<TopValues & { readonly details: Details }> {
  const found = await findAsked(graph, query, options.filter);
  const asked = { attributes: found.attributes, context: query.context };
  const top = await topValues(graph, asked, options);
  return { ...top, details: describe(query, found, options.filter) };
}

/** What an answer says of which events it is about, where no attribute was asked. */
export type SelectionDetails = Pick<Details, "question" | "range">;

/** Finds what most of the events hold that were stored last, and says which were selected. */
export async function latestTopInDetail(
  graph: Graph,
  { question, time }: Selection & Required<Pick<AttributeQuery, "question">>,
  options: TopValuesOptions,
): Promise<LatestTopValues & { readonly details: SelectionDetails }> {
  const top = await topLatestValues(graph, options);
  return { ...top, details: { question, range: describeRange(time, options.filter) } };
}

function describe(
  { asked, question = {}, time }: AttributeQuery,
  { attributes, events }: Found,
  filter: EventFilter,
): Details {
  return {
    question,
    asked: nameFields(asked),
    found: attributes.map(countedFields),
    events: BigInt(events),
    range: describeRange(time, filter),
  };
}

function describeRange(time: AttributeQuery["time"], { start, end }: EventFilter) {
  return { from: finite(start), to: finite(end), tzname: timeZoneOf(time) };
}

/**
 * Says, where nothing was found, what there is outside the range, what that events hold contains it
 * or is in it, and what else may be asked.
 */
async function explainNothing(
  graph: Graph,
  { asked, question = {}, attributes, context }: AttributeQuery,
  { found, filter }: { readonly found: Found; readonly filter: EventFilter },
): Promise<Pick<Details, "outside" | "within" | "addresses" | "advice">> {
  if (found.events > 0) return {};
  const addresses = networkAddresses(asked);
  const lists = [containers(asked), addresses];
  const [around = [], inside = []] = await findHeld(graph, lists, filter);
  const near = {
    ...(around.length > 0 && { within: around.map(countedFields) }),
    ...(inside.length > 0 && { addresses: inside.map(countedFields) }),
  };
  const held = holderFilter({ attributes, context });
  const everything = { ...filter, start: -Infinity, end: Infinity };
  const span = await graph.timeSpan(held, everything);
  if (span === undefined) {
    const isSearched = addresses.length > 0 && inside.length === 0;
    const advice = adviceOnNothing({ asked, question, isSearched });
    return { ...near, ...(advice !== undefined && { advice }) };
  }
  const events = BigInt(await graph.countHolders(held, everything));
  return { ...near, outside: { events, first_seen: span.first, last_seen: span.last } };
}

type HistogramOptions = {
  readonly held: ReturnType<typeof holderFilter>;
  readonly filter: EventFilter;
  readonly span: { readonly first: number; readonly last: number } | undefined;
};

/**
 * Counts events by interval, from the start of the range, or the first event, to its end if the
 * question sets one, or the last event.
 */
async function histogram(
  graph: Graph,
  { by, time }: CountQuery & Required<Pick<CountQuery, "by">>,
  { held, filter, span }: HistogramOptions,
): Promise<Value> {
  const isEndSet = (time.to ?? "") !== "" || (time.last ?? "") !== "";
  const start = Number.isFinite(filter.start) ? filter.start : span?.first ?? Infinity;
  const end = isEndSet && Number.isFinite(filter.end) ? filter.end : span?.last ?? -Infinity;
  const intervals = start > end ? [] : listIntervals(by, { start, end }, timeZoneOf(time));
  const bounds = intervals.map((each) => each.start);
  const counts = await graph.countByTime(held, filter, bounds);
  return intervals.map((each, index): Fields => ({ ...each, events: BigInt(counts[index]!) }));
}

function nameFields({ subType, data }: AttributeName): Fields {
  return { sub_type: subType, data };
}

function countedFields({ events, ...name }: CountedAttribute): Fields {
  return { ...nameFields(name), events: BigInt(events) };
}

/** A bound of a range, or null if there is none. */
function finite(bound: number): number | null {
  return Number.isFinite(bound) ? bound : null;
}
