import type { Fields } from "../../lib/tahoe/value.ts";
import type { RelatedValue, ShownPart } from "../answer.ts";
import { numberOf, objectOf } from "../read/fields.ts";
import { readRelated, valueKey } from "../read/read_related.ts";
import { apiAddress, type LiveQuestion } from "./live_question.ts";
import { request } from "./request.ts";

/** Events on one page of the API. */
const PAGE_SIZE = 10;

/** What is related to an indicator, in its newest events: as many as were asked for. */
export class RelatedPages {
  readonly #question: LiveQuestion;
  readonly #signal: AbortSignal;
  readonly #values = new Map<string, RelatedValue>();
  #next: string | undefined;
  #pages = 0;
  #events = 0;

  constructor(question: LiveQuestion, signal: AbortSignal) {
    this.#question = question;
    this.#signal = signal;
  }

  /** Whether there are older events. */
  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  /** Number of all events. */
  get events(): number {
    return this.#events;
  }

  /** All values so far, those in most events first. */
  get values(): readonly RelatedValue[] {
    return [...this.#values.values()].sort((a, b) => (b.events ?? 0) - (a.events ?? 0));
  }

  /** How many of the events the values are in. */
  get part(): ShownPart {
    const newest = Math.min(this.#events, this.#pages * PAGE_SIZE);
    return { page: 1, pages: Math.ceil(this.#events / PAGE_SIZE), newest };
  }

  /** Asks for ten more events; returns the values of these. */
  async load(): Promise<readonly RelatedValue[]> {
    const cursor = this.#next === undefined ? {} : { cursor: this.#next };
    const path = apiAddress("related", this.#question, { summary_graph: "true", ...cursor });
    const report = await request(path, { signal: this.#signal });
    const details: Fields = objectOf(report["details"]);
    const { related = [] } = readRelated(report["data"], details);
    for (const value of related) this.#add(value);
    this.#pages++;
    this.#events = numberOf(details["events"]) ?? 0;
    this.#next = report["next"] === undefined ? undefined : String(report["next"]);
    return related;
  }

  #add(value: RelatedValue): void {
    const key = valueKey(value);
    const known = this.#values.get(key);
    const events = (known?.events ?? 0) + (value.events ?? 0);
    this.#values.set(key, { ...value, ...known, events });
  }
}
