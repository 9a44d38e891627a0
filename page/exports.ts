import { exportFileName } from "../lib/answers/export/file_name.ts";
import type { PageAnswer } from "./answer.ts";
import { copyButton, saveButton } from "./copy.ts";
import { csvText } from "./csv.ts";
import { answerTable } from "./csv_tables.ts";
import { element } from "./element.ts";
import { askedValue } from "./head.ts";

/** Buttons that copy or save the answer for other programs. */
export function exportButtons(answer: PageAnswer): HTMLElement {
  const { qtype, json, answered, zone } = answer;
  const table = answerTable(answer);
  const csv = table && (() => csvText(table));
  const time = answered ?? Date.now() / 1000;
  const name = (extension: string) =>
    exportFileName({ type: qtype, asked: askedValue(answer), time, zone, extension });
  return element(
    "div",
    { class: "exports actions", role: "group", "aria-label": "Export the answer" },
    copyButton("Copy JSON", () => json),
    saveButton("Save JSON", { name: name("json"), type: "application/json", text: () => json }),
    ...(csv === undefined ? [] : [
      copyButton("Copy CSV", csv),
      saveButton("Save CSV", { name: name("csv"), type: "text/csv", text: csv }),
    ]),
  );
}
