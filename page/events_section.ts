import type { PageAnswer, PageEvent } from "./answer.ts";
import { element, section } from "./element.ts";
import { numberText } from "./numbers.ts";
import { partNote } from "./part.ts";
import type { TimeWriter } from "./time.ts";
import { VirtualList } from "./virtual_list.ts";

/** Lists the events of an answer, newest first. */
export function eventsSection(answer: PageAnswer, time: TimeWriter): HTMLElement | undefined {
  const { events, organisations } = answer;
  if (events === undefined) return undefined;
  const list = new VirtualList<PageEvent>({
    label: "Events",
    columns: ["time", "event", "verdict", "organisation", "values", "hash"],
    cells: ({ hash, subType, time: moment, category, orgid, members }) => [
      time.text(moment),
      subType,
      element("span", { class: `verdict ${category}` }, category),
      organisations[orgid] ?? orgid.slice(0, 12),
      numberText(members.length),
      element("code", { class: "hash", title: hash }, hash.slice(0, 12)),
    ],
  });
  list.show(events.toSorted((a, b) => b.time - a.time));
  return section({ id: "events", title: "Events", ...partNote(answer) }, list.element);
}
