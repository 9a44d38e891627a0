import { element } from "../element.ts";
import { valueElement } from "../value.ts";
import { showWhole } from "../whole_value.ts";
import { moreText, nodeText } from "./node_text.ts";
import type { TreeRow } from "./open_tree.ts";
import { moreId } from "./tidy.ts";

const VALUE_CHARACTERS = 70;

export type OutlineOptions = {
  readonly onToggle: (id: string) => void;
  readonly onMore: (id: string) => void;
  /** Called when the reader comes to a node. */
  readonly onCurrent: (id: string) => void;
};

/** A line of the outline: a node, or what is not shown of one. */
type Line = {
  readonly id: string;
  readonly element: HTMLElement;
  readonly row: TreeRow;
  readonly isMore: boolean;
};

/** The graph in words, as a tree that is opened by mouse or keyboard. */
export class Outline {
  readonly element = element("ul", { class: "outline", role: "tree", "aria-label": "Graph" });
  readonly #options: OutlineOptions;
  #lines: readonly Line[] = [];
  #current = 0;

  constructor(options: OutlineOptions) {
    this.#options = options;
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Shows other rows; the current line stays the current one. */
  draw(rows: readonly TreeRow[]): void {
    const hadFocus = this.element.contains(document.activeElement);
    const current = this.#lines[this.#current];
    this.#lines = this.#linesOf(rows, undefined);
    this.element.replaceChildren(...this.#lines.map((line) => line.element));
    const index = this.#lines.findIndex((line) => line.id === current?.id);
    // Where "12 more" was, the first of them is now.
    const stays = index < 0 || current?.isMore;
    this.#setCurrent(stays ? this.#current : index, { focus: hadFocus });
  }

  /** Makes the line of a node the current one. */
  goTo(id: string): void {
    const index = this.#lines.findIndex((line) => line.id === id);
    if (index >= 0) this.#setCurrent(index, { focus: false });
  }

  /** Lists the lines of the rows below a node; what it does not show comes last. */
  #linesOf(rows: readonly TreeRow[], parent: string | undefined): Line[] {
    const children = Map.groupBy(rows, (row) => row.parent);
    const list = (id: string | undefined): Line[] =>
      (children.get(id) ?? []).flatMap((row) => [
        this.#line(row, { isMore: false }),
        ...list(row.node.id),
        ...(row.hidden === 0 ? [] : [this.#line(row, { isMore: true })]),
      ]);
    return list(parent);
  }

  #line(row: TreeRow, { isMore }: { readonly isMore: boolean }): Line {
    const { node, depth, state } = row;
    const level = isMore ? depth + 2 : depth + 1;
    const attributes = {
      role: "treeitem",
      tabindex: "-1",
      class: isMore ? "more" : node.shape,
      "aria-level": String(level),
      ...(!isMore && state !== "leaf" && { "aria-expanded": String(state === "open") }),
    };
    const content = isMore ? [`Show ${moreText(row.hidden)}`] : rowContent(row);
    const created = element("li", attributes, ...content);
    created.style.setProperty("--level", String(level));
    const id = isMore ? moreId(node.id) : node.id;
    const line = { id, element: created, row, isMore };
    created.addEventListener("click", (event) => {
      if ((event.target as Element).closest("button")) return;
      this.#setCurrent(this.#lines.indexOf(line), { focus: true });
      this.#act(line);
    });
    return line;
  }

  #act({ row: { node, state }, isMore }: Line): void {
    const { onMore, onToggle } = this.#options;
    if (isMore) onMore(node.id);
    else if (state !== "leaf") onToggle(node.id);
  }

  #setCurrent(index: number, { focus }: { readonly focus: boolean }): void {
    const line = this.#lines[Math.min(index, this.#lines.length - 1)];
    if (line === undefined) return;
    for (const { element } of this.#lines) element.tabIndex = -1;
    this.#current = this.#lines.indexOf(line);
    line.element.tabIndex = 0;
    if (!focus) return;
    line.element.focus();
    this.#options.onCurrent(line.id);
  }

  #onKey(event: KeyboardEvent): void {
    const line = this.#lines[this.#current];
    if (line === undefined || event.target !== line.element) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#press(event.key, line)) return;
    event.preventDefault();
  }

  /** Does what a key asks for, as trees do elsewhere; false if it is not one of theirs. */
  #press(key: string, line: Line): boolean {
    const { row, isMore } = line;
    const go = (index: number) => this.#setCurrent(Math.max(0, index), { focus: true });
    switch (key) {
      case "ArrowDown":
        go(this.#current + 1);
        return true;
      case "ArrowUp":
        go(this.#current - 1);
        return true;
      case "Home":
        go(0);
        return true;
      case "End":
        go(this.#lines.length - 1);
        return true;
      case "ArrowRight":
        if (row.state === "closed" || isMore) this.#act(line);
        else if (row.state === "open") go(this.#current + 1);
        return true;
      case "ArrowLeft":
        if (row.state === "open" && !isMore) this.#act(line);
        else go(this.#lines.findIndex(({ id }) => id === (isMore ? row.node.id : row.parent)));
        return true;
      case "Enter":
      case " ":
        if (row.state === "leaf" && row.node.value !== undefined) showWhole(row.node.value);
        else this.#act(line);
        return true;
      default:
        return false;
    }
  }
}

function rowContent({ node, via }: TreeRow) {
  const { value, kind, note, category, when } = node;
  const isMalicious = category === "malicious";
  const verdict = isMalicious ? element("span", { class: "malicious" }, " malicious") : undefined;
  const inside = via === undefined ? undefined : element("span", { class: "via" }, `${via} `);
  const time = when === undefined ? undefined : element("span", { class: "via" }, ` ${when}`);
  if (value === undefined) return [inside, nodeText(node, VALUE_CHARACTERS), verdict, time];
  const shown = valueElement(value, { most: VALUE_CHARACTERS, isLink: false });
  // Enter on the line does the same.
  shown.querySelector("button")?.setAttribute("tabindex", "-1");
  const number = note === undefined ? undefined : element("span", { class: "via" }, ` ${note}`);
  return [inside, element("span", { class: "kind" }, kind), " ", shown, number];
}
