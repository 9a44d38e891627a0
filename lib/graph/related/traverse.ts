import type { Event, Hash } from "../../tahoe/instance.ts";
import { isMember, type ResultBuilder } from "./result_builder.ts";
import type { EventFilter, Graph } from "../graph.ts";
import { AnswerTooLarge } from "../answer_too_large.ts";
import type { Budget } from "../budget.ts";
import { chunks } from "../../chunks.ts";
import { visibleSessions } from "./visible_sessions.ts";

/** Hashes that one look asks for. */
const AT_ONCE = 1000;

/** Sessions that are in memory together: one may have 16 MiB. */
const SESSIONS_AT_ONCE = 16;

export type TraverseOptions = {
  /** Holds for every event on the way. */
  readonly filter: EventFilter;
  /** How many times to go from events to what they hold; in between it goes through sessions. */
  readonly level: number;
  /** Ends the walk when its time is over. */
  readonly budget: Budget;
};

/**
 * Takes into the form the events and everything they hold; at each further level the sessions of the
 * events just reached, the chosen events of those sessions and everything these hold. Sessions show
 * no event that may not be seen. Throws what the form throws.
 */
export async function traverse(
  graph: Graph,
  events: readonly Event[],
  { filter, level, budget }: TraverseOptions,
  form: ResultBuilder,
): Promise<void> {
  const walker = new Traversal(graph, filter, budget, form);
  let reached = await walker.start(events);
  for (let left = level - 1; left > 0 && reached.length > 0; left--) {
    reached = await walker.hop(reached);
  }
}

class Traversal {
  readonly #graph: Graph;
  readonly #filter: EventFilter;
  readonly #budget: Budget;
  readonly #form: ResultBuilder;
  /** What was asked for, found or not. */
  readonly #events = new Set<Hash>();
  readonly #sessions = new Set<Hash>();
  readonly #members = new Set<Hash>();

  constructor(graph: Graph, filter: EventFilter, budget: Budget, form: ResultBuilder) {
    this.#graph = graph;
    this.#filter = filter;
    this.#budget = budget;
    this.#form = form;
  }

  /** Returns the hashes of the events. */
  start(events: readonly Event[]): Promise<Hash[]> {
    for (const { _hash } of events) this.#events.add(_hash);
    return this.#take(events);
  }

  /** Goes from events over their sessions to further events; returns the hashes of these. */
  async hop(events: readonly Hash[]): Promise<Hash[]> {
    const reached: Hash[] = [];
    for await (const some of chunks(events, AT_ONCE)) {
      this.#checkTime();
      const sessions = added(this.#sessions, await this.#graph.sessionsOf(some));
      for await (const few of chunks(sessions, SESSIONS_AT_ONCE)) {
        for (const event of await this.#enter(few)) reached.push(event);
      }
    }
    return reached;
  }

  async #enter(sessions: readonly Hash[]): Promise<Hash[]> {
    const shown = await visibleSessions(this.#graph, sessions, this.#filter.orgids);
    for (const { session } of shown) this.#form.add(session);
    const inside = added(this.#events, shown.flatMap(({ events }) => events));
    const reached: Hash[] = [];
    for await (const some of chunks(inside, AT_ONCE)) {
      for (const event of await this.#take(await this.#graph.events(some, this.#filter))) {
        reached.push(event);
      }
    }
    return reached;
  }

  async #take(events: readonly Event[]): Promise<Hash[]> {
    for (const event of events) this.#form.add(event);
    const members = added(this.#members, events.flatMap(({ _ref }) => _ref));
    for await (const some of chunks(members, AT_ONCE)) {
      this.#checkTime();
      for (const member of await this.#graph.get(some)) {
        if (isMember(member)) this.#form.add(member);
      }
    }
    return events.map(({ _hash }) => _hash);
  }

  #checkTime(): void {
    if (this.#budget.expired) throw new AnswerTooLarge("the search took too long");
  }
}

/** Adds hashes to a set; returns those that were not in it. */
function added(set: Set<Hash>, hashes: readonly Hash[]): Hash[] {
  return hashes.filter((hash) => !set.has(hash) && set.add(hash));
}
