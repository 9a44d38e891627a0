import type { EvidencePath, PathNode } from "../answer.ts";
import { button, element } from "../element.ts";
import { valueElement } from "../value.ts";

/** Paths that are shown before somebody asks for all. */
const FIRST_PATHS = 3;

const VALUE_CHARACTERS = 60;

/** Lists paths from malicious events, the heaviest first, each with its share of the rank. */
export function pathList(paths: readonly EvidencePath[]): HTMLElement {
  const list = element("ol", { class: "paths" }, ...paths.slice(0, FIRST_PATHS).map(pathElement));
  const title = element(
    "p",
    { class: "note" },
    "The heaviest paths from malicious events, with their share of the rank:",
  );
  const rest = paths.slice(FIRST_PATHS);
  if (rest.length === 0) return element("div", {}, title, list);
  const more = button(`Show ${rest.length} more`, () => {
    const added = rest.map(pathElement);
    list.append(...added);
    more.remove();
    added[0]!.tabIndex = -1;
    added[0]!.focus();
  });
  return element("div", {}, title, list, more);
}

function pathElement({ share, weight, nodes }: EvidencePath): HTMLLIElement {
  const percent = element(
    "span",
    { class: "share", title: `weight ${weight.toPrecision(3)}` },
    `${(share * 100).toFixed(1)} %`,
  );
  const chain = nodes.flatMap((node, index) => [
    ...(index === 0 ? [] : [element("span", { class: "link", "aria-hidden": "true" }, "–")]),
    nodeElement(node, { isFirst: index === 0 }),
  ]);
  return element("li", {}, percent, element("span", { class: "chain" }, ...chain));
}

function nodeElement(
  { hash, subType, data }: PathNode,
  { isFirst }: { readonly isFirst: boolean },
): HTMLElement {
  const kind = element("span", { class: "kind" }, subType);
  if (data !== undefined) {
    const value = valueElement({ subType, data }, { most: VALUE_CHARACTERS });
    return element("span", { class: "node" }, kind, " ", value);
  }
  // A path begins with a malicious event.
  const verdict = isFirst ? element("span", { class: "malicious" }, " malicious") : undefined;
  const beginning = element("code", { class: "hash" }, hash.slice(0, 8));
  return element("span", { class: "node", title: hash }, kind, " ", beginning, verdict);
}
