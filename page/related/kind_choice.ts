import type { RelatedValue } from "../answer.ts";
import { element } from "../element.ts";
import { numberText } from "../numbers.ts";

/** Lets one kind of value be chosen, or all; each with the number of its values. */
export function kindChoice(
  values: readonly RelatedValue[],
  onChoice: (kind: string | undefined) => void,
): HTMLElement {
  const numbers = new Map<string, number>();
  for (const { subType } of values) numbers.set(subType, (numbers.get(subType) ?? 0) + 1);
  const kinds = [...numbers].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const all = radio({ label: "All kinds", number: values.length }, () => onChoice(undefined));
  all.querySelector("input")!.checked = true;
  return element(
    "fieldset",
    { class: "kinds" },
    element("legend", {}, "Kind"),
    all,
    ...kinds.map(([kind, number]) => radio({ label: kind, number }, () => onChoice(kind))),
  );
}

function radio(
  { label, number }: { readonly label: string; readonly number: number },
  onChange: () => void,
): HTMLElement {
  const input = element("input", { type: "radio", name: "kind" });
  input.addEventListener("change", onChange);
  return element(
    "label",
    {},
    input,
    element("span", {}, label),
    element("span", { class: "number" }, numberText(number)),
  );
}
