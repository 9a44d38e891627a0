import type { Category } from "../lib/tahoe/instance.ts";
import { type Content, element } from "./element.ts";
import { numberText } from "./numbers.ts";
import type { TimeWriter } from "./time.ts";

/** A term, and what is said about it. */
export type Fact = readonly [term: string, ...content: Content[]];

/** A list of terms and what is said about each. */
export function factList(facts: readonly Fact[]): HTMLElement {
  const pairs = facts.map(([term, ...content]) =>
    element("div", {}, element("dt", {}, term), element("dd", {}, ...content))
  );
  return element("dl", { class: "facts" }, ...pairs);
}

/** A moment, in the zone of the answer. */
export function moment(seconds: number, time: TimeWriter): HTMLElement {
  return element("time", {}, time.text(seconds));
}

/** From when to when events were counted. */
export function rangeFact(
  { from, to }: { readonly from?: number; readonly to?: number },
  time: TimeWriter,
): Fact {
  const since = from === undefined ? "the first event" : moment(from, time);
  const until = to === undefined ? "the last event" : moment(to, time);
  return ["Range", since, " to ", until];
}

/** Numbers of events by category; what there is none of is left out. */
export function verdictContent(
  numbers: readonly (readonly [category: Category, number: number])[],
): Content[] {
  return numbers.filter(([, number]) => number > 0).map(([category, number]) =>
    element("span", { class: `verdict ${category}` }, `${numberText(number)} ${category}`)
  );
}
