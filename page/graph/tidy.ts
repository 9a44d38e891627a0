import type { TreeRow } from "./open_tree.ts";

/** A place in the picture. */
export type Place = { readonly x: number; readonly y: number };

/** Places by the ids of nodes. */
export type Places = ReadonlyMap<string, Place>;

export type ColumnOptions = {
  /** Pixels that the label of an open node takes. */
  readonly widthOf: (row: TreeRow) => number;
  readonly rowHeight: number;
  /** Between the end of the longest label of a column and the next column. */
  readonly gap: number;
};

/** What a gap takes more if connections have labels. */
const VIA_GAP = 60;

/**
 * Gives each node of a tree its place: a column for each step from the roots, a row for each node
 * that has none below it, the others amid those below them. The label of an open node is above its
 * connections, so its column is as wide as `widthOf` says. What is not shown of a node also gets a
 * place, under the id of {@link moreId}.
 */
export function columnPlaces(rows: readonly TreeRow[], options: ColumnOptions): Places {
  const places = new Map<string, Place>();
  const children = Map.groupBy(rows, ({ parent }) => parent);
  const columns = columnStarts(rows, options);
  let nextRow = 0;
  const leaf = (id: string, depth: number) => {
    places.set(id, { x: columns[depth]!, y: nextRow++ * options.rowHeight });
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
function columnStarts(rows: readonly TreeRow[], { widthOf, gap }: ColumnOptions): number[] {
  const columns = Map.groupBy(rows, ({ depth }) => depth);
  const starts = [0];
  for (let depth = 0; columns.has(depth); depth++) {
    const widths = columns.get(depth)!.filter(({ state }) => state === "open").map(widthOf);
    const hasLabels = columns.get(depth + 1)?.some(({ via }) => via !== undefined) ?? false;
    starts.push(starts.at(-1)! + Math.max(0, ...widths) + gap + (hasLabels ? VIA_GAP : 0));
  }
  return starts;
}

const LINE_HEIGHT = 24;

/** How far a line is right of the one from which it was opened. */
const INDENT = 20;

/**
 * Gives each node of a tree a line of its own, a little right of the node from which it was opened:
 * this takes the least width. What is not shown of a node comes last below it.
 */
export function listPlaces(rows: readonly TreeRow[]): Places {
  const places = new Map<string, Place>();
  const children = Map.groupBy(rows, ({ parent }) => parent);
  const add = (id: string, depth: number) =>
    places.set(id, { x: depth * INDENT, y: places.size * LINE_HEIGHT });
  const place = ({ node: { id }, depth, hidden }: TreeRow): void => {
    add(id, depth);
    (children.get(id) ?? []).forEach(place);
    if (hidden > 0) add(moreId(id), depth + 1);
  };
  (children.get(undefined) ?? []).forEach(place);
  return places;
}

/** Id of the node that stands for the neighbours which are not shown. */
export function moreId(id: string): string {
  return `more ${id}`;
}
