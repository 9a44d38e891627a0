import { valueText } from "../lib/answers/value_text.ts";
import { printable } from "../lib/printable.ts";
import type { NamedValue } from "./answer.ts";
import { copyButton } from "./copy.ts";
import { button, element } from "./element.ts";
import { counted, numberText } from "./numbers.ts";

/** Characters that are shown at once: breaking a million into lines takes a browser 2 s. */
const FIRST_CHARACTERS = 50_000;

/** Shows the whole of a value, however long it is, in a dialogue that Escape closes. */
export function showWhole({ subType, data }: NamedValue): void {
  const text = valueText(data);
  const title = element("h2", { id: "whole-title" }, subType);
  const size = element("p", { class: "note", role: "status" });
  const pre = element("pre", { tabindex: "0", "aria-label": "Value" });
  const actions = element("div", { class: "actions" }, copyButton("Copy", () => text));
  const dialog = element("dialog", { "aria-labelledby": title.id }, title, size, pre, actions);
  const show = (shown: string) => {
    pre.textContent = linesText(shown);
    const first = shown === text ? "" : `The first ${numberText(shown.length)} of `;
    size.textContent = first + counted(text.length, "character");
  };
  if (text.length > FIRST_CHARACTERS) {
    show(text.slice(0, FIRST_CHARACTERS).toWellFormed());
    const all = button("Show all", () => {
      show(text);
      all.remove();
      pre.focus();
    });
    actions.append(all);
  } else show(text);
  actions.append(button("Close", () => dialog.close()));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Keeps line ends and tabs, and escapes all other control characters. */
function linesText(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}
