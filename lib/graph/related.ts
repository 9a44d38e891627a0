import type { Hash } from "../tahoe/instance.ts";
import type { Value } from "../tahoe/value.ts";
import { type Asked, heldBy } from "./asked.ts";
import type { Form } from "./form.ts";
import type { EventFilter, Graph } from "./graph.ts";
import { Listing, type ReturnType } from "./listing.ts";
import { Pace } from "./pace.ts";
import { Summary } from "./summary.ts";
import { SummaryGraph } from "./summary_graph.ts";
import { walk } from "./walk.ts";

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
 * Throws {@link AnswerTooLarge} if that is too much for one report, or the time of `pace` is over.
 */
export async function related(
  graph: Graph,
  asked: Asked,
  filter: EventFilter,
  options: RelatedOptions,
  pace = new Pace(Infinity),
): Promise<Related> {
  const held = heldBy(asked);
  const { level, page } = options;
  // One more than fits tells whether there is a next page.
  const events = await graph.holders(held, filter, { skip: (page - 1) * PAGE, limit: PAGE + 1 });
  const form = formOf(options, held.hash);
  await walk(graph, events.slice(0, PAGE), { filter, level, pace }, form);
  return {
    data: form.data(),
    currentPage: BigInt(page),
    nextPage: BigInt(events.length > PAGE ? page + 1 : page),
  };
}

function formOf({ returnType, summary, summaryGraph }: RelatedOptions, start: Hash): Form {
  if (summaryGraph) return new SummaryGraph(start);
  return summary ? new Summary() : new Listing(returnType);
}
