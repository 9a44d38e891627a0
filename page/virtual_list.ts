import { type Content, element } from "./element.ts";
import { fitCells } from "./value.ts";
import { NARROW, rowHeight } from "./rows.ts";

/** Rows that are in the document above and below those in sight. */
const MARGIN_ROWS = 10;

export type VirtualListOptions<Row> = {
  readonly label: string;
  /** Name of the columns; also the class of their cells. */
  readonly columns: readonly string[];
  /** Returns the content of the cells of a row. */
  readonly cells: (row: Row) => readonly Content[];
};

/** A table of any length, of which only the rows in sight are in the document. */
export class VirtualList<Row> {
  readonly element: HTMLElement;
  readonly #options: VirtualListOptions<Row>;
  readonly #scroller: HTMLElement;
  readonly #space = element("div", { class: "space", role: "presentation" });
  readonly #drawn = new Map<number, HTMLElement>();
  #rows: readonly Row[] = [];

  constructor(options: VirtualListOptions<Row>) {
    this.#options = options;
    const { label, columns } = options;
    const names = columns.map((name) =>
      element("span", { role: "columnheader", class: name }, name)
    );
    const head = element("div", { role: "row", class: "row head", "aria-rowindex": "1" }, ...names);
    this.#scroller = element(
      "div",
      { class: "scroller", role: "rowgroup", tabindex: "0", "aria-label": label },
      this.#space,
    );
    this.element = element(
      "div",
      { class: "virtual", role: "table", "aria-label": label },
      element("div", { role: "rowgroup" }, head),
      this.#scroller,
    );
    this.#scroller.addEventListener("scroll", () => this.#draw());
    NARROW.addEventListener("change", () => this.show(this.#rows));
    // Its height is not known before it is in the document, and may change.
    new ResizeObserver(() => this.#draw()).observe(this.#scroller);
  }

  /** Shows other rows, from the first one on. */
  show(rows: readonly Row[]): void {
    this.#rows = rows;
    for (const row of this.#drawn.values()) row.remove();
    this.#drawn.clear();
    this.#space.style.height = `${rows.length * rowHeight()}px`;
    this.#scroller.scrollTop = 0;
    this.element.setAttribute("aria-rowcount", String(rows.length + 1));
    this.#draw();
  }

  #draw(): void {
    const height = rowHeight();
    const { scrollTop, clientHeight } = this.#scroller;
    const first = Math.max(0, Math.floor(scrollTop / height) - MARGIN_ROWS);
    const last = Math.min(
      this.#rows.length,
      Math.ceil((scrollTop + clientHeight) / height) + MARGIN_ROWS,
    );
    for (const [index, row] of this.#drawn) {
      if (index < first || index >= last) this.#remove(index, row);
    }
    for (let index = first; index < last; index++) {
      if (!this.#drawn.has(index)) this.#add(index, height);
    }
    fitCells(this.#space);
  }

  #add(index: number, height: number): void {
    const { columns, cells } = this.#options;
    const content = cells(this.#rows[index]!).map((cell, column) =>
      element("span", { role: "cell", class: columns[column]! }, cell)
    );
    const row = element("div", { role: "row", class: "row" }, ...content);
    row.setAttribute("aria-rowindex", String(index + 2));
    row.style.transform = `translateY(${index * height}px)`;
    this.#drawn.set(index, row);
    // In the order of the rows, so that the keyboard goes through them in order.
    const next = [...this.#drawn.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    this.#space.insertBefore(row, next === undefined ? null : this.#drawn.get(next)!);
  }

  #remove(index: number, row: HTMLElement): void {
    if (row.contains(document.activeElement)) this.#scroller.focus({ preventScroll: true });
    row.remove();
    this.#drawn.delete(index);
  }
}
