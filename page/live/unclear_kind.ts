import type { NamedValue } from "../answer.ts";
import { type Content, element } from "../element.ts";
import { counted } from "../numbers.ts";
import { shownText } from "../shown_text.ts";
import { valueElement } from "../value.ts";
import { type LiveQuestion, questionAddress } from "./live_question.ts";

/** A kind that a value may be of, and the number of events that hold it so. */
export type PossibleKind = NamedValue & { readonly events: number };

/** What is known of a value that may be of several kinds. */
type Unclear = {
  readonly question: LiveQuestion;
  readonly kinds: readonly PossibleKind[];
  /** The only indicator in it, beside other words. */
  readonly held?: NamedValue;
};

/** Signals that a value may be of several kinds; the message says so. */
export class UnclearKind extends Error {
  override name = "UnclearKind";
  readonly unclear: Unclear;

  constructor(unclear: Unclear) {
    const { question: { q }, held } = unclear;
    const why = held === undefined ? "may be of several kinds" : "is more than an indicator";
    super(`"${shownText(q)}" ${why}`);
    this.unclear = unclear;
  }
}

/** Says that a value may be of several kinds, each with a link that asks it. */
export function kindLinks(
  { message, unclear: { question, kinds, held } }: UnclearKind,
): HTMLElement {
  const items = kinds.map(({ subType, events }) => {
    const href = questionAddress({ ...question, sub_type: subType });
    const number: Content = element(
      "span",
      { class: "note" },
      events === 0 ? "no event" : counted(events, "event"),
    );
    return element("li", {}, element("a", { href }, subType), " ", number);
  });
  const inside = held === undefined
    ? []
    : [element("p", {}, `Ask for the ${held.subType} in it: `, valueElement(held))];
  return element(
    "section",
    { class: "welcome" },
    element("div", { role: "alert" }, element("h1", {}, message)),
    ...inside,
    element("p", {}, held === undefined ? "Ask for it as:" : "Or for the whole text as:"),
    element("ul", { class: "plain kind-links" }, ...items),
    element("p", { class: "note" }, "For another kind, give it above."),
  );
}
