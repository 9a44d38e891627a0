import type { Hash } from "../tahoe/instance.ts";
import type { Value } from "../tahoe/value.ts";
import type { ResultBuilder } from "./related/result_builder.ts";
import { type AskedAttribute, type EventFilter, type Graph, holderFilter } from "./graph.ts";
import { Listing, type ReturnType } from "./related/listing.ts";
import { Budget } from "./budget.ts";
import { Summary } from "./related/summary.ts";
import { SummaryGraph } from "./related/summary_graph.ts";
import { traverse } from "./related/traverse.ts";

/** Events of the first hop on one page. */
const PAGE = 10;

export type RelatedOptions = {
  /** Which instances to list; summaries show attributes whatever it is. */
  readonly returnType: ReturnType;
  /** 1 to 3. */
  readonly level: number;
  /** 1 or more. */
  readonly page: number;
  readonly summary: boolean;
  /** Goes before `summary`. */
  readonly summaryGraph: boolean;
};

export type Related = {
  readonly data: Value;
  readonly currentPage: bigint;
  /** The current page if it is the last one, or behind that. */
  readonly nextPage: bigint;
};

/**
 * What is related to an attribute, as the TAHOE/CYBEX-P contract says: the newest chosen events that
 * hold it, a page of ten, and everything in them; with each level more what shares a session with
 * that. Nothing hidden has a part in it.
 *
 * Throws {@link AnswerTooLarge} if that is too much for one report, or the time of `budget` is over.
 */
export async function related(
  graph: Graph,
  asked: AskedAttribute,
  filter: EventFilter,
  options: RelatedOptions,
  budget = new Budget(Infinity),
): Promise<Related> {
  const held = holderFilter(asked);
  const { level, page } = options;
  // One more than fits tells whether there is a next page.
  const events = await graph.holders(held, filter, { skip: (page - 1) * PAGE, limit: PAGE + 1 });
  const form = resultBuilderFor(options, held.hash);
  await traverse(graph, events.slice(0, PAGE), { filter, level, budget }, form);
  return {
    data: form.data(),
    currentPage: BigInt(page),
    nextPage: BigInt(events.length > PAGE ? page + 1 : page),
  };
}

function resultBuilderFor(
  { returnType, summary, summaryGraph }: RelatedOptions,
  start: Hash,
): ResultBuilder {
  if (summaryGraph) return new SummaryGraph(start);
  return summary ? new Summary() : new Listing(returnType);
}
