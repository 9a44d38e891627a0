import type { RelatedValue } from "./answer.ts";
import { type Content, element } from "./element.ts";
import { counted } from "./numbers.ts";
import { valueElement } from "./value.ts";

/** Lists values, each with the number of events that hold it. */
export function valueList(values: readonly RelatedValue[]): Content[] {
  return [element(
    "ul",
    { class: "plain counted" },
    ...values.map((value) =>
      element(
        "li",
        {},
        element("span", { class: "kind" }, value.subType),
        " ",
        valueElement(value),
        ` ${counted(value.events ?? 0, "event")}`,
      )
    ),
  )];
}
