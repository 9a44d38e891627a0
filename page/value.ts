import { valueText } from "../lib/answers/value_text.ts";
import type { NamedValue } from "./answer.ts";
import { button, element } from "./element.ts";
import { SHOWN_CHARACTERS, shownText } from "./shown_text.ts";
import { valueLink } from "./value_link.ts";
import { showWhole } from "./whole_value.ts";

export type ShownValueOptions = {
  /** Most characters that are shown. */
  readonly most?: number;
  /** Whether it may lead to what the page says of it; true by default. */
  readonly isLink?: boolean;
  /** Where it leads, if not to what the page says of it at any time. */
  readonly link?: string | undefined;
};

/** Shows a value, with a button for the whole of it if something of it is not seen as it is. */
export function valueElement(value: NamedValue, options: ShownValueOptions = {}): HTMLElement {
  const { shown, isWhole } = shownValue(value, options);
  return isWhole ? shown : element("span", { class: "cut" }, shown, " ", wholeButton(value));
}

/**
 * Shows a value in a cell that may be too narrow for it: {@link fitCells} then shows its button, once
 * the cell is in the document.
 */
export function cellValue(value: NamedValue, options: ShownValueOptions = {}): HTMLElement {
  const { shown, isWhole } = shownValue(value, options);
  const whole = wholeButton(value);
  whole.hidden = isWhole;
  const cell = element("span", { class: "cut cell" }, shown, whole);
  if (isWhole) cell.dataset["fits"] = "maybe";
  return cell;
}

/** Pixels by which two widths may differ that are the same. */
const ROUNDING = 0.05;

/** Shows the button of each value in a part of the document that has no room for all of it. */
export function fitCells(part: ParentNode): void {
  for (const cell of part.querySelectorAll('.cell[data-fits="maybe"]')) {
    const [shown, whole] = cell.children as unknown as readonly [HTMLElement, HTMLButtonElement];
    whole.hidden = true;
    const text = document.createRange();
    text.selectNodeContents(shown);
    const excess = text.getBoundingClientRect().width - shown.getBoundingClientRect().width;
    whole.hidden = excess <= ROUNDING;
  }
}

function shownValue(
  value: NamedValue,
  { most = SHOWN_CHARACTERS, isLink = true, ...options }: ShownValueOptions,
) {
  const text = valueText(value.data);
  const cut = shownText(text, most);
  const isString = typeof value.data === "string";
  const bdi = element("bdi", { class: isString ? "value" : "value literal" }, cut);
  const link = isLink ? "link" in options ? options.link : valueLink(value) : undefined;
  const shown = link === undefined ? bdi : element("a", { href: link, class: "value" }, bdi);
  return { shown, isWhole: cut === text };
}

function wholeButton(value: NamedValue): HTMLButtonElement {
  return button("whole", () => showWhole(value), {
    class: "whole",
    "aria-label": `Show the whole value of this ${value.subType}`,
  });
}
