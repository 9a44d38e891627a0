import cytoscape from "cytoscape";
import { onColourChange } from "../theme.ts";
import type { GraphNode } from "./model.ts";
import { moreText, nodeText } from "./node_text.ts";
import type { TreeRow } from "./open_tree.ts";
import { LABEL_SIZE, pictureStyle } from "./picture_style.ts";
import { moreId, tidyPlaces } from "./tidy.ts";

/** Characters of a value in the picture; the list beside it shows more. */
const LABEL_CHARACTERS = 26;

const MOST_ZOOM = 1.1;
/** Smallest zoom at which labels can be read. */
const LEAST_READABLE = 0.7;

export type PictureOptions = {
  readonly onToggle: (id: string) => void;
  readonly onMore: (id: string) => void;
};

/** What there is to draw. */
export type PictureContent = {
  readonly rows: readonly TreeRow[];
  readonly crossLinks: readonly (readonly [string, string])[];
};

/** Draws the part of a graph that is in sight. */
export class Picture {
  readonly #cy: cytoscape.Core;
  #focus: string | undefined;

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
    new ResizeObserver(() => this.#fit()).observe(container);
  }

  /** Draws other content, and brings a node of it into view if there is no room for all. */
  draw(content: PictureContent, focus: string): void {
    this.#cy.batch(() => {
      this.#cy.elements().remove();
      this.#cy.add(elementsOf(content));
    });
    this.#focus = focus;
    this.#fit();
  }

  /** Shows everything, or as much around the focus as can be read. */
  #fit(): void {
    this.showAll();
    if (this.#cy.zoom() < LEAST_READABLE && this.#focus !== undefined) this.#goTo(this.#focus);
  }

  /** Marks a node, and brings it into view if it is not. */
  mark(id: string): void {
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
    this.#cy.fit(undefined, 24);
    if (this.#cy.zoom() <= MOST_ZOOM) return;
    this.#cy.zoom(MOST_ZOOM);
    this.#cy.center();
  }

  /** Shows a node a little right of the left edge, at a size that can be read. */
  #goTo(id: string): void {
    const { x, y } = this.#cy.getElementById(id).position();
    const zoom = LEAST_READABLE + 0.15;
    const [width, height] = [this.#cy.width(), this.#cy.height()];
    this.#cy.viewport({ zoom, pan: { x: width / 10 - x * zoom, y: height / 2 - y * zoom } });
  }
}

const MEASURE = document.createElement("canvas").getContext("2d")!;

/** Pixels that a label takes at a zoom of 1. */
function textWidth(text: string): number {
  MEASURE.font = `${LABEL_SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  return MEASURE.measureText(text).width;
}

function labelOf(node: GraphNode): string {
  const verdict = node.category === "malicious" ? " · malicious" : "";
  return nodeText(node, LABEL_CHARACTERS) + verdict;
}

function elementsOf({ rows, crossLinks }: PictureContent): cytoscape.ElementDefinition[] {
  const places = tidyPlaces(rows, ({ node }) => textWidth(labelOf(node)));
  const at = (id: string) => ({ position: { ...places.get(id)! } });
  const nodes = rows.flatMap(({ node, state, hidden }) =>
    [
      { data: { id: node.id, label: labelOf(node) }, ...at(node.id) },
      ...(hidden === 0 ? [] : [{
        data: { id: moreId(node.id), label: moreText(hidden), more: node.id },
        classes: "more leaf",
        ...at(moreId(node.id)),
      }]),
    ].map((each, index) =>
      index > 0 ? each : { ...each, classes: `${node.shape} ${node.category ?? ""} ${state}` }
    )
  );
  // Connections of one node turn at the same place.
  const labelled = new Set(rows.filter(({ via }) => via !== undefined).map(({ parent }) => parent));
  const edge = (source: string, target: string, label = "") => ({
    data: { source, target, label },
    classes: labelled.has(source) ? "via" : "",
  });
  const edges = rows.flatMap(({ node: { id }, parent, via, hidden }) => [
    ...(parent === undefined ? [] : [edge(parent, id, via)]),
    ...(hidden === 0 ? [] : [edge(id, moreId(id))]),
  ]);
  const others = crossLinks.map(([source, target]) => ({
    data: { source, target, label: "" },
    classes: "cross",
  }));
  return [...nodes, ...edges, ...others];
}
