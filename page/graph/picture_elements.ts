import type cytoscape from "cytoscape";
import type { GraphNode } from "./model.ts";
import { moreText, nodeText } from "./node_text.ts";
import type { TreeRow } from "./open_tree.ts";
import type { PictureLayout } from "./picture_layout.ts";
import { LABEL_SIZE } from "./picture_style.ts";
import { moreId, type Places } from "./tidy.ts";

/** What there is to draw. */
export type PictureContent = {
  readonly rows: readonly TreeRow[];
  readonly crossLinks: readonly (readonly [string, string])[];
};

/** Between a node's middle and its label, in a list. */
const LABEL_START = 14;

/**
 * Makes nodes and connections of what there is to draw. In a list no node takes more than `width`
 * pixels with its label.
 */
export function pictureElements(
  { rows, crossLinks }: PictureContent,
  { layout, width }: { readonly layout: PictureLayout; readonly width: number },
): cytoscape.ElementDefinition[] {
  const { isList, characters } = layout;
  const places = layout.places(rows, ({ node }) => textWidth(labelOf(node, characters)));
  const listed = isList ? "listed" : "";
  const element = (id: string, { data, classes }: cytoscape.ElementDefinition) => {
    const { x, y } = places.get(id)!;
    const most = Math.max(1, width - x - LABEL_START);
    return { position: { x, y }, data: { ...data, id, most }, classes: classes! };
  };
  const nodes = rows.flatMap(({ node, state, hidden, via }) => {
    const inside = isList && via !== undefined ? `${via}: ` : "";
    const label = inside + labelOf(node, characters);
    const classes = `${node.shape} ${node.category ?? ""} ${state} ${listed}`;
    const shown = element(node.id, { data: { label }, classes });
    if (hidden === 0) return [shown];
    const more = { label: moreText(hidden), more: node.id };
    return [shown, element(moreId(node.id), { data: more, classes: `more leaf ${listed}` })];
  });
  return [...nodes, ...treeEdges(rows, { isList, places }), ...crossEdges(crossLinks)];
}

type EdgeOptions = Pick<PictureLayout, "isList"> & { readonly places: Places };

/** Connections of the tree. In columns they are labelled with what lies between their ends. */
function treeEdges(
  rows: readonly TreeRow[],
  { isList, places }: EdgeOptions,
): cytoscape.ElementDefinition[] {
  // Connections of one node turn at the same place.
  const labelled = new Set(rows.filter(({ via }) => via !== undefined).map(({ parent }) => parent));
  const edge = (source: string, target: string, label = "") =>
    isList
      ? {
        data: { source, target, label: "", ...corner(places, source, target) },
        classes: "listed",
      }
      : { data: { source, target, label }, classes: labelled.has(source) ? "via" : "" };
  return rows.flatMap(({ node: { id }, parent, via, hidden }) => [
    ...(parent === undefined ? [] : [edge(parent, id, via)]),
    ...(hidden === 0 ? [] : [edge(id, moreId(id))]),
  ]);
}

/**
 * The corner of a connection that goes down, then right: how far along the straight line, and how far
 * beside it.
 */
function corner(places: Places, source: string, target: string) {
  const [from, to] = [places.get(source)!, places.get(target)!];
  const [right, down] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(right, down);
  return { along: (down / length) ** 2, beside: right * down / length };
}

function crossEdges(links: PictureContent["crossLinks"]): cytoscape.ElementDefinition[] {
  return links.map(([source, target]) => ({
    data: { source, target, label: "" },
    classes: "cross",
  }));
}

const MEASURE = document.createElement("canvas").getContext("2d")!;

/** Pixels that a label takes at a zoom of 1. */
function textWidth(text: string): number {
  MEASURE.font = `${LABEL_SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  return MEASURE.measureText(text).width;
}

function labelOf(node: GraphNode, characters: number): string {
  const verdict = node.category === "malicious" ? " · malicious" : "";
  return nodeText(node, characters) + verdict;
}
