import { valueText } from "../../lib/answers/value_text.ts";
import type { PageAnswer, RelatedValue } from "../answer.ts";
import { button, element, section } from "../element.ts";
import { counted, numberText } from "../numbers.ts";
import { partNote } from "../part.ts";
import { shownText } from "../shown_text.ts";
import { cellValue } from "../value.ts";
import { VirtualList } from "../virtual_list.ts";
import { kindChoice } from "./kind_choice.ts";

/** Shows related values by kind, with a box to look among them. */
export function relatedSection(
  answer: Pick<PageAnswer, "related" | "part" | "question">,
  more?: HTMLElement,
): HTMLElement | undefined {
  const { related } = answer;
  if (related === undefined) return undefined;
  const list = valueList(related);
  const box = element("input", { type: "search", id: "filter", autocomplete: "off" });
  const status = element("p", { class: "note", role: "status" });
  let kind: string | undefined;
  const update = () => {
    const chosen = related.filter((value) => isChosen(value, { kind, text: box.value }));
    list.show(chosen);
    status.textContent = statusText(chosen.length, related.length);
  };
  const kinds = kindChoice(related, (chosen) => {
    kind = chosen;
    update();
  });
  box.addEventListener("input", update);
  const clear = button("Clear", () => {
    box.value = "";
    update();
    box.focus();
  });
  update();
  const label = element("label", { for: box.id }, "Find");
  const tools = element("div", { class: "tools" }, label, box, clear, status);
  return section(
    { id: "related", title: "Related values", ...partNote(answer) },
    element("div", { class: "related" }, kinds, element("div", {}, tools, list.element)),
    more,
  );
}

function valueList(related: readonly RelatedValue[]): VirtualList<RelatedValue> {
  const hasPaths = related.some(({ path }) => path !== undefined);
  return new VirtualList({
    label: "Related values",
    columns: ["kind", "value", "events", ...(hasPaths ? ["connected by"] : [])],
    cells: (value) => [
      value.subType,
      cellValue(value),
      value.events === undefined ? "" : numberText(value.events),
      ...(hasPaths ? [pathText(value)] : []),
    ],
  });
}

/** What lies between a value and what was asked, from the value on. */
function pathText({ path }: RelatedValue): string | undefined {
  if (path === undefined) return undefined;
  const between = path.slice(1, -1).map((label) => label.split("=")[0]);
  if (path.length === 1) return "asked";
  return shownText(between.join(" – "));
}

type Choice = { readonly kind: string | undefined; readonly text: string };

function isChosen(value: RelatedValue, { kind, text }: Choice): boolean {
  if (kind !== undefined && value.subType !== kind) return false;
  const sought = searchText(text.trim());
  return sought === "" || searchText(value.subType).includes(sought) ||
    searchText(valueText(value.data)).includes(sought);
}

/** Writes text as a box for text has it, which knows no line ends, and in small letters. */
function searchText(text: string): string {
  return text.toWellFormed().replace(/\s+/g, " ").toLowerCase();
}

function statusText(shown: number, all: number): string {
  return shown === all ? counted(all, "value") : `${numberText(shown)} of ${counted(all, "value")}`;
}
