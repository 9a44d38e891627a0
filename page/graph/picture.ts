import cytoscape from "cytoscape";
import { onColourChange } from "../theme.ts";
import { type PictureContent, pictureElements } from "./picture_elements.ts";
import { LAYOUTS, type PictureLayout } from "./picture_layout.ts";
import { LABEL_SIZE, pictureStyle } from "./picture_style.ts";

const MOST_ZOOM = 1.1;

/** Smallest zoom at which labels can be read: they are 10 pixels high. */
const LEAST_READABLE = 10 / LABEL_SIZE;

/** Pixels around what is drawn. */
const PADDING = 20;

export type PictureOptions = {
  readonly onToggle: (id: string) => void;
  readonly onMore: (id: string) => void;
};

/** Draws the part of a graph that is in sight. */
export class Picture {
  readonly #cy: cytoscape.Core;
  #content: PictureContent = { rows: [], crossLinks: [] };
  #focus: string | undefined;
  #marked: string | undefined;

  constructor(container: HTMLElement, { onToggle, onMore }: PictureOptions) {
    this.#cy = cytoscape({
      container,
      style: pictureStyle(),
      layout: { name: "preset" },
      minZoom: 0.1,
      maxZoom: 3,
      // The wheel scrolls the page; buttons zoom.
      userZoomingEnabled: false,
      boxSelectionEnabled: false,
      autoungrabify: true,
    });
    this.#cy.on("tap", "node", ({ target }) => {
      const { id, more } = target.data();
      if (more === undefined) onToggle(id);
      else onMore(more);
    });
    onColourChange(() => this.#cy.style(pictureStyle()));
    new ResizeObserver(() => this.#arrange()).observe(container);
  }

  /** Draws other content, and brings a node of it into view if there is no room for all. */
  draw(content: PictureContent, focus: string): void {
    this.#content = content;
    this.#focus = focus;
    this.#arrange();
  }

  /** Draws everything as roomily as it can be read, or as much around the focus. */
  #arrange(): void {
    this.#cy.resize();
    // There is no width outside the document.
    if (!(this.#width > 0)) return;
    const isSeen = (zoom: number) => zoom >= LEAST_READABLE;
    const isWhole = LAYOUTS.some((layout) => {
      const { across, down } = this.#layOut(layout);
      return isSeen(across) && isSeen(down);
    });
    if (isWhole) return this.showAll();
    LAYOUTS.some((layout) => isSeen(this.#layOut(layout).across));
    if (this.#focus !== undefined) this.#goTo(this.#focus);
  }

  /** Draws in one way; returns the zooms at which all of it fits across, and down. */
  #layOut(layout: PictureLayout): { readonly across: number; readonly down: number } {
    const width = this.#width / LEAST_READABLE;
    this.#cy.batch(() => {
      this.#cy.elements().remove();
      this.#cy.add(pictureElements(this.#content, { layout, width }));
    });
    if (this.#marked !== undefined) this.#cy.getElementById(this.#marked).addClass("marked");
    const { w, h } = this.#cy.elements().boundingBox();
    return { across: this.#width / w, down: this.#height / h };
  }

  get #width(): number {
    return this.#cy.width() - 2 * PADDING;
  }

  get #height(): number {
    return this.#cy.height() - 2 * PADDING;
  }

  /** Marks a node, and brings it into view if it is not. */
  mark(id: string): void {
    this.#marked = id;
    this.#cy.nodes(".marked").removeClass("marked");
    const node = this.#cy.getElementById(id).addClass("marked");
    if (node.empty()) return;
    const { x1, x2, y1, y2 } = this.#cy.extent();
    const { x, y } = node.position();
    if (x < x1 || x > x2 || y < y1 || y > y2) this.#cy.center(node);
  }

  zoom(factor: number): void {
    const [width, height] = [this.#cy.width(), this.#cy.height()];
    const renderedPosition = { x: width / 2, y: height / 2 };
    this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition });
  }

  showAll(): void {
    this.#cy.resize();
    this.#cy.fit(undefined, PADDING);
    if (this.#cy.zoom() <= MOST_ZOOM) return;
    this.#cy.zoom(MOST_ZOOM);
    this.#cy.center();
  }

  /** Shows a node with as much around it as there is room for at a size that can be read. */
  #goTo(id: string): void {
    const { x, y } = this.#cy.getElementById(id).position();
    const { x1, y1, y2, w } = this.#cy.elements().boundingBox();
    const across = this.#width / w;
    const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_READABLE, across));
    const left = zoom <= across ? PADDING - x1 * zoom : this.#cy.width() / 10 - x * zoom;
    const [lowest, highest] = [this.#cy.height() - PADDING - y2 * zoom, PADDING - y1 * zoom];
    const middle = this.#cy.height() / 2 - y * zoom;
    const top = Math.min(highest, Math.max(lowest, middle));
    this.#cy.viewport({ zoom, pan: { x: left, y: top } });
  }
}
