import { chunks } from "../../chunks.ts";
import type { Event, Hash } from "../../tahoe/instance.ts";
import { AnswerTooLarge } from "../answer_too_large.ts";
import type { Budget } from "../budget.ts";
import type { EventFilter, Graph } from "../graph.ts";
import { isMember, type ResultBuilder } from "./result_builder.ts";
import { visibleSessions } from "./visible_sessions.ts";

/** Hashes in one request to the graph. */
const BATCH_SIZE = 1000;

/** Sessions in memory at the same time: a single one may have 16 MiB. */
const SESSION_BATCH_SIZE = 16;

type TraversalOptions = {
  /** Selects the events, at every level. */
  readonly filter: EventFilter;
  /** Limits the time of the traversal. */
  readonly budget: Budget;
  /** Receives every instance that is reached, once. */
  readonly result: ResultBuilder;
};

export type TraverseOptions = TraversalOptions & {
  /** Levels of events: 1 for the given ones, and one more for each hop over their sessions. */
  readonly level: number;
};

/**
 * Adds to the result the events and everything in them; for each further level, the sessions of the
 * events reached last, the events of those sessions that pass the filter, and everything in these.
 * Sessions list no event that may not be seen.
 *
 * @throws {AnswerTooLarge} when the result is larger than a report can be, or the time is over.
 */
export async function traverse(
  graph: Graph,
  events: readonly Event[],
  { level, ...options }: TraverseOptions,
): Promise<void> {
  const traversal = new Traversal(graph, options);
  let reached = await traversal.start(events);
  for (let left = level - 1; left > 0 && reached.length > 0; left--) {
    reached = await traversal.hop(reached);
  }
}

class Traversal {
  readonly #graph: Graph;
  readonly #filter: EventFilter;
  readonly #budget: Budget;
  readonly #result: ResultBuilder;
  /** Hashes that were requested, found or not. */
  readonly #events = new Set<Hash>();
  readonly #sessions = new Set<Hash>();
  readonly #members = new Set<Hash>();

  constructor(graph: Graph, { filter, budget, result }: TraversalOptions) {
    this.#graph = graph;
    this.#filter = filter;
    this.#budget = budget;
    this.#result = result;
  }

  /** Adds the events of the first level; returns their hashes. */
  start(events: readonly Event[]): Promise<Hash[]> {
    for (const { _hash } of events) this.#events.add(_hash);
    return this.#addEvents(events);
  }

  /** Adds the events that share a session with these; returns the hashes of those that are new. */
  async hop(events: readonly Hash[]): Promise<Hash[]> {
    const reached: Hash[] = [];
    for await (const batch of chunks(events, BATCH_SIZE)) {
      this.#checkTime();
      const sessions = addNew(this.#sessions, await this.#graph.sessionsOf(batch));
      for await (const few of chunks(sessions, SESSION_BATCH_SIZE)) {
        for (const event of await this.#addSessions(few)) reached.push(event);
      }
    }
    return reached;
  }

  async #addSessions(hashes: readonly Hash[]): Promise<Hash[]> {
    const sessions = await visibleSessions(this.#graph, hashes, this.#filter.orgids);
    for (const { session } of sessions) this.#result.add(session);
    const inside = addNew(this.#events, sessions.flatMap(({ events }) => events));
    const reached: Hash[] = [];
    for await (const batch of chunks(inside, BATCH_SIZE)) {
      for (const event of await this.#addEvents(await this.#graph.events(batch, this.#filter))) {
        reached.push(event);
      }
    }
    return reached;
  }

  async #addEvents(events: readonly Event[]): Promise<Hash[]> {
    for (const event of events) this.#result.add(event);
    const members = addNew(this.#members, events.flatMap(({ _ref }) => _ref));
    for await (const batch of chunks(members, BATCH_SIZE)) {
      this.#checkTime();
      for (const member of await this.#graph.get(batch)) {
        if (isMember(member)) this.#result.add(member);
      }
    }
    return events.map(({ _hash }) => _hash);
  }

  #checkTime(): void {
    if (this.#budget.expired) throw new AnswerTooLarge("time");
  }
}

/** Adds hashes to a set; returns those that were not in it. */
function addNew(set: Set<Hash>, hashes: readonly Hash[]): Hash[] {
  return hashes.filter((hash) => !set.has(hash) && set.add(hash));
}
