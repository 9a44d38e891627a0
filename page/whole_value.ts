import { valueText } from "../lib/cli/report/value_text.ts";
import { printable } from "../lib/printable.ts";
import type { NamedValue } from "./answer.ts";
import { copyButton } from "./copy.ts";
import { button, element } from "./element.ts";
import { counted } from "./numbers.ts";

/** Shows the whole of a value, however long it is, in a dialogue that Escape closes. */
export function showWhole({ subType, data }: NamedValue): void {
  const text = valueText(data);
  const title = element("h2", { id: "whole-title" }, subType);
  const dialog = element(
    "dialog",
    { "aria-labelledby": title.id },
    title,
    element("p", { class: "note" }, counted([...text].length, "character")),
    element("pre", { tabindex: "0", "aria-label": "Value" }, linesText(text)),
  );
  dialog.append(
    element(
      "div",
      { class: "actions" },
      copyButton("Copy", () => text),
      button("Close", () => dialog.close()),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Keeps line ends and tabs, and escapes all other control characters. */
function linesText(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}
