import type { ShownPart } from "./answer.ts";
import { counted, numberText } from "./numbers.ts";

/** Says which part of all events an answer is about. */
export function partText({ page, pages }: ShownPart, events: number): string {
  if (pages <= 1) return `In ${counted(events, "event")}`;
  const next = page < pages ? `; --page ${page + 1} shows the next` : "";
  return `Only a part: page ${numberText(page)} of ${numberText(pages)}, each of ten events, ` +
    `newest first${next}`;
}
