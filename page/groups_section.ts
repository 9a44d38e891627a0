import { valueText } from "../lib/answers/value_text.ts";
import type { PageAnswer, PageGroup } from "./answer.ts";
import { element, section } from "./element.ts";
import { partNote } from "./part.ts";
import { cellValue } from "./value.ts";
import { VirtualList } from "./virtual_list.ts";

/** Lists the sessions or objects of an answer that has nothing else. */
export function groupsSection(answer: PageAnswer): HTMLElement | undefined {
  const { groups, events, related } = answer;
  if (groups === undefined || events !== undefined || related !== undefined) return undefined;
  const list = new VirtualList<PageGroup>({
    label: "Objects and sessions",
    columns: ["kind", "value", "hash"],
    cells: (group) => [
      `${group.subType} ${group.itype}`,
      cellValue({ subType: group.subType, data: contentText(group) }),
      element("code", { class: "hash", title: group.hash }, group.hash.slice(0, 12)),
    ],
  });
  list.show(groups);
  return section(
    { id: "groups", title: "Objects and sessions", ...partNote(answer) },
    list.element,
  );
}

function contentText({ members }: PageGroup): string {
  return members.map(({ subType, data }) => `${subType} ${valueText(data)}`).join(", ");
}
