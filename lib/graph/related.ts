import type { Hash } from "../tahoe/instance.ts";
import type { Value } from "../tahoe/value.ts";
import { Budget } from "./budget.ts";
import { type AskedAttributes, type EventFilter, type Graph, holderFilter } from "./graph.ts";
import { type ListedType, Listing } from "./related/listing.ts";
import { type CountedAttribute, ReferenceCounter } from "./related/reference_counter.ts";
import type { ResultBuilder } from "./related/result_builder.ts";
import { Summary } from "./related/summary.ts";
import { SummaryGraph } from "./related/summary_graph.ts";
import { traverse } from "./related/traverse.ts";

/** Events of the first level on one page. */
export const PAGE_SIZE = 10;

export type { CountedAttribute };

export type RelatedOptions = {
  /** Selects the events, at every level. */
  readonly filter: EventFilter;
  /** Which instances to list; summaries contain attributes and ignore it. */
  readonly returnType: ListedType;
  /** 1 to 3. */
  readonly level: number;
  /** 1 or more. */
  readonly page: number;
  readonly summary: boolean;
  /** Takes precedence over `summary`. */
  readonly summaryGraph: boolean;
  /** Whether to count, for each attribute, the events that hold it; false by default. */
  readonly countAttributes?: boolean;
  /** Limits the time of the search; no limit by default. */
  readonly budget?: Budget;
};

export type RelatedPage = {
  readonly data: Value;
  readonly currentPage: bigint;
  /** The current page if there is no further one. */
  readonly nextPage: bigint;
  /** With {@link RelatedOptions.countAttributes}: the attributes that were reached. */
  readonly attributes?: readonly CountedAttribute[];
};

/**
 * Finds what is related to an attribute, as the TAHOE/CYBEX-P contract defines it: a page of the
 * newest events that pass the filter and hold it, with everything in them; each further level adds what shares a session with the events of the level before. What the asker may not see
 * has no influence on the result.
 *
 * @throws {AnswerTooLarge} when that is too much for one report, or the budget's time is over.
 */
export async function related(
  graph: Graph,
  asked: AskedAttributes,
  options: RelatedOptions,
): Promise<RelatedPage> {
  const { filter, level, page, budget = new Budget(Infinity) } = options;
  const held = holderFilter(asked);
  // One event more than fits on the page shows that there is a next page.
  const events = await graph.holders(held, filter, {
    skip: (page - 1) * PAGE_SIZE,
    limit: PAGE_SIZE + 1,
  });
  const builder = newResultBuilder(held.hashes, options);
  const counter = options.countAttributes ? new ReferenceCounter(builder) : undefined;
  const result = counter ?? builder;
  await traverse(graph, events.slice(0, PAGE_SIZE), { filter, level, budget, result });
  return {
    data: result.data(),
    currentPage: BigInt(page),
    nextPage: BigInt(events.length > PAGE_SIZE ? page + 1 : page),
    ...(counter !== undefined && { attributes: counter.attributes() }),
  };
}

function newResultBuilder(
  starts: readonly Hash[],
  { returnType, summary, summaryGraph }: RelatedOptions,
): ResultBuilder {
  if (summaryGraph) return new SummaryGraph(starts);
  return summary ? new Summary() : new Listing(returnType);
}
