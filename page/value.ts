import { valueText } from "../lib/answers/value_text.ts";
import type { NamedValue } from "./answer.ts";
import { button, element } from "./element.ts";
import { SHOWN_CHARACTERS, shownText } from "./shown_text.ts";
import { showWhole } from "./whole_value.ts";

/** Shows a value, with a button for the whole of it if something of it is not seen as it is. */
export function valueElement(value: NamedValue, most = SHOWN_CHARACTERS): HTMLElement {
  const { bdi, isWhole } = shownValue(value, most);
  return isWhole ? bdi : element("span", { class: "cut" }, bdi, " ", wholeButton(value));
}

/**
 * Shows a value in a cell that may be too narrow for it: {@link fitCells} then shows its button, once
 * the cell is in the document.
 */
export function cellValue(value: NamedValue): HTMLElement {
  const { bdi, isWhole } = shownValue(value, SHOWN_CHARACTERS);
  const whole = wholeButton(value);
  whole.hidden = isWhole;
  const cell = element("span", { class: "cut cell" }, bdi, whole);
  if (isWhole) cell.dataset["fits"] = "maybe";
  return cell;
}

/** Pixels by which two widths may differ that are the same. */
const ROUNDING = 0.05;

/** Shows the button of each value in a part of the document that has no room for all of it. */
export function fitCells(part: ParentNode): void {
  for (const cell of part.querySelectorAll('.cell[data-fits="maybe"]')) {
    const [bdi, whole] = cell.children as unknown as readonly [HTMLElement, HTMLButtonElement];
    whole.hidden = true;
    const text = document.createRange();
    text.selectNodeContents(bdi);
    const excess = text.getBoundingClientRect().width - bdi.getBoundingClientRect().width;
    whole.hidden = excess <= ROUNDING;
  }
}

function shownValue(value: NamedValue, most: number) {
  const text = valueText(value.data);
  const shown = shownText(text, most);
  const isString = typeof value.data === "string";
  const bdi = element("bdi", { class: isString ? "value" : "value literal" }, shown);
  return { bdi, isWhole: shown === text };
}

function wholeButton(value: NamedValue): HTMLButtonElement {
  return button("whole", () => showWhole(value), {
    class: "whole",
    "aria-label": `Show the whole value of this ${value.subType}`,
  });
}
