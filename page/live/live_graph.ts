import type { NamedValue, RelatedValue } from "../answer.ts";
import { type GraphView, graphView } from "../graph/graph_section.ts";
import { GraphModel } from "../graph/model.ts";
import { addSummary, buildSummary } from "../graph/summary_model.ts";
import { counted } from "../numbers.ts";
import { valueKey } from "../read/read_related.ts";
import { type LiveQuestion, questionAbout } from "./live_question.ts";
import { RelatedPages } from "./related_pages.ts";

const NOTE =
  "What leads to others in the newest events; a value, once it is opened, goes on to what " +
  "its own newest events hold.";

export type LiveGraphOptions = {
  readonly asked: NamedValue;
  readonly related: readonly RelatedValue[];
  /** The time range of the question, in which other values are asked for, too. */
  readonly range: Omit<LiveQuestion, "q" | "sub_type">;
  readonly signal: AbortSignal;
};

/** What a value is related to, and in which of its events. */
type Answered = { readonly related: readonly RelatedValue[]; readonly note: string };

/** A graph whose values are asked for what they are related to when they are opened. */
export class LiveGraph {
  readonly #options: LiveGraphOptions;
  readonly #model = new GraphModel();
  /** The values that were opened, by their ids. */
  readonly #answered = new Map<string, Answered>();
  readonly #view: GraphView;

  constructor(options: LiveGraphOptions) {
    this.#options = options;
    this.#build(options.related);
    this.#view = graphView(this.#model, { note: NOTE, load: (id) => this.#load(id) });
  }

  get element(): HTMLElement {
    return this.#view.element;
  }

  /** Shows other values around the one asked; what was opened stays open. */
  show(related: readonly RelatedValue[]): void {
    this.#build(related);
    this.#view.redraw();
  }

  #build(related: readonly RelatedValue[]): void {
    const { asked } = this.#options;
    this.#model.clear();
    buildSummary(this.#model, asked, related);
    this.#setUnknown(related);
    for (const [id, answered] of this.#answered) this.#add(id, answered);
  }

  #add(id: string, { related, note }: Answered): void {
    this.#model.set({ ...this.#model.node(id), note });
    addSummary(this.#model, id, related);
    this.#setUnknown(related);
  }

  #setUnknown(related: readonly RelatedValue[]): void {
    const root = valueKey(this.#options.asked);
    for (const id of related.map(valueKey)) {
      if (id !== root && !this.#answered.has(id)) this.#model.setUnknown(id);
    }
  }

  async #load(id: string): Promise<void> {
    const { range, signal } = this.#options;
    const { value } = this.#model.node(id);
    const question = value && questionAbout(value);
    if (question === undefined) throw new Error("The value is too long to be asked for");
    const pages = new RelatedPages({ ...range, ...question }, signal);
    const related = await pages.load();
    const events = counted(pages.events, "event");
    const note = pages.hasMore ? `newest ${pages.part.newest} of ${events}` : events;
    this.#answered.set(id, { related, note });
    this.#model.setKnown(id);
    this.#add(id, { related, note });
  }
}
