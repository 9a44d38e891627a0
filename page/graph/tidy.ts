import type { TreeRow } from "./open_tree.ts";

/** A place in the picture. */
export type Place = { readonly x: number; readonly y: number };

const ROW_HEIGHT = 36;

/** Between the end of the longest label of a column and the next column. */
const GAP = 64;
/** What it takes more if connections have labels. */
const VIA_GAP = 60;

/**
 * Gives each node of a tree its place: a column for each step from the roots, a row for each node
 * that has none below it, the others amid those below them. The label of an open node is above its
 * connections, so its column is as wide as `widthOf` says. What is not shown of a node also gets a
 * place, under the id of {@link moreId}.
 */
export function tidyPlaces(
  rows: readonly TreeRow[],
  widthOf: (row: TreeRow) => number,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const children = Map.groupBy(rows, ({ parent }) => parent);
  const columns = columnStarts(rows, widthOf);
  let nextRow = 0;
  const leaf = (id: string, depth: number) => {
    places.set(id, { x: columns[depth]!, y: nextRow++ * ROW_HEIGHT });
    return id;
  };
  const place = ({ node: { id }, depth, hidden }: TreeRow): string => {
    const below = (children.get(id) ?? []).map(place);
    if (hidden > 0) below.push(leaf(moreId(id), depth + 1));
    if (below.length === 0) return leaf(id, depth);
    const [first, last] = [places.get(below[0]!)!, places.get(below.at(-1)!)!];
    places.set(id, { x: columns[depth]!, y: (first.y + last.y) / 2 });
    return id;
  };
  (children.get(undefined) ?? []).forEach(place);
  return places;
}

/** Where each column begins: after the labels of the open nodes in those before it. */
function columnStarts(rows: readonly TreeRow[], widthOf: (row: TreeRow) => number): number[] {
  const columns = Map.groupBy(rows, ({ depth }) => depth);
  const starts = [0];
  for (let depth = 0; columns.has(depth); depth++) {
    const widths = columns.get(depth)!.filter(({ state }) => state === "open").map(widthOf);
    const hasLabels = columns.get(depth + 1)?.some(({ via }) => via !== undefined) ?? false;
    starts.push(starts.at(-1)! + Math.max(0, ...widths) + GAP + (hasLabels ? VIA_GAP : 0));
  }
  return starts;
}

/** Id of the node that stands for the neighbours which are not shown. */
export function moreId(id: string): string {
  return `more ${id}`;
}
