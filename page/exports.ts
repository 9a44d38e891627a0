import type { PageAnswer } from "./answer.ts";
import { copyButton, saveButton } from "./copy.ts";
import { csvText } from "./csv.ts";
import { answerTable } from "./csv_tables.ts";
import { element } from "./element.ts";

/** Buttons that copy or save the answer for other programs. */
export function exportButtons(answer: PageAnswer): HTMLElement {
  const { qtype, json } = answer;
  const table = answerTable(answer);
  const csv = table && (() => csvText(table));
  const name = `cybexp-${qtype}`;
  return element(
    "div",
    { class: "exports actions", role: "group", "aria-label": "Export the answer" },
    copyButton("Copy JSON", () => json),
    saveButton("Save JSON", { name: `${name}.json`, type: "application/json", text: () => json }),
    ...(csv === undefined ? [] : [
      copyButton("Copy CSV", csv),
      saveButton("Save CSV", { name: `${name}.csv`, type: "text/csv", text: csv }),
    ]),
  );
}
