import { valueText } from "../lib/cli/report/value_text.ts";
import type { NamedValue } from "./answer.ts";
import { button, element } from "./element.ts";
import { SHOWN_CHARACTERS, shownText } from "./shown_text.ts";
import { showWhole } from "./whole_value.ts";

/** Shows a value, with a button for the whole of it if something of it is not seen as it is. */
export function valueElement(value: NamedValue, most = SHOWN_CHARACTERS): HTMLElement {
  const text = valueText(value.data);
  const shown = shownText(text, most);
  const isString = typeof value.data === "string";
  const bdi = element("bdi", { class: isString ? "value" : "value literal" }, shown);
  if (shown === text) return bdi;
  const whole = button("whole", () => showWhole(value), {
    class: "whole",
    "aria-label": `Show the whole value of this ${value.subType}`,
  });
  return element("span", { class: "cut" }, bdi, " ", whole);
}
