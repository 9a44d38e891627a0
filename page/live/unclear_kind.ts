import type { NamedValue } from "../answer.ts";
import { type Content, element } from "../element.ts";
import { counted } from "../numbers.ts";
import { type LiveQuestion, questionAddress } from "./live_question.ts";

/** A kind that a value may be of, and the number of events that hold it so. */
export type PossibleKind = NamedValue & { readonly events: number };

/** Signals that a value may be of several kinds; the message says so. */
export class UnclearKind extends Error {
  override name = "UnclearKind";
  readonly question: LiveQuestion;
  readonly kinds: readonly PossibleKind[];

  constructor(
    message: string,
    { question, kinds }: {
      readonly question: LiveQuestion;
      readonly kinds: readonly PossibleKind[];
    },
  ) {
    super(message);
    this.question = question;
    this.kinds = kinds;
  }
}

/** Says that a value may be of several kinds, each with a link that asks it. */
export function kindLinks({ message, question, kinds }: UnclearKind): HTMLElement {
  const items = kinds.map(({ subType, events }) => {
    const href = questionAddress({ ...question, sub_type: subType });
    const number: Content = element(
      "span",
      { class: "note" },
      events === 0 ? "no event" : counted(events, "event"),
    );
    return element("li", {}, element("a", { href }, subType), " ", number);
  });
  return element(
    "section",
    { class: "welcome" },
    element("div", { role: "alert" }, element("h1", {}, message)),
    element("p", {}, "Ask for it as:"),
    element("ul", { class: "plain kind-links" }, ...items),
    element("p", { class: "note" }, "For another kind, give it above."),
  );
}
