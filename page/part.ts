import type { PageAnswer, ShownPart } from "./answer.ts";
import { element } from "./element.ts";
import { counted, numberText } from "./numbers.ts";

/** Says which part of all events an answer is about, below the title of a section. */
export function partNote(
  { part, question }: Pick<PageAnswer, "part" | "question">,
): { readonly note?: string } {
  return part === undefined ? {} : { note: partText(part, question?.events ?? 0) };
}

/** Says that there is no such page; undefined if there is, or nothing was found. */
export function missingPage({ part, question }: PageAnswer): HTMLElement | undefined {
  if (part === undefined || question?.events === 0 || part.page <= part.pages) return undefined;
  const { page, pages } = part;
  const last = pages === 1 ? "there is only page 1" : `there are the pages 1 to ${pages}`;
  return element("p", { role: "alert" }, `There is no page ${page}: ${last}`);
}

function partText({ page, pages, newest }: ShownPart, events: number): string {
  if (pages <= 1 || newest === events) return `In ${counted(events, "event")}`;
  if (newest !== undefined) {
    return `Only a part: in the newest ${numberText(newest)} of ${counted(events, "event")}`;
  }
  const next = page < pages ? `; --page ${page + 1} shows the next` : "";
  return `Only a part: page ${numberText(page)} of ${numberText(pages)}, each of ten events, ` +
    `newest first${next}`;
}
