import type { TreeRow } from "./open_tree.ts";
import { columnPlaces, listPlaces, type Places } from "./tidy.ts";

/** How the part of a graph in sight is laid out in its picture. */
export type PictureLayout = {
  /** Characters of a value in the picture; the list beside it shows more. */
  readonly characters: number;
  /** Whether each node has a line of its own, as in a folder tree. */
  readonly isList: boolean;
  readonly places: (rows: readonly TreeRow[], widthOf: (row: TreeRow) => number) => Places;
};

/** Ways to lay out a graph, the one that takes most room first. */
export const LAYOUTS: readonly PictureLayout[] = [
  {
    characters: 26,
    isList: false,
    places: (rows, widthOf) => columnPlaces(rows, { widthOf, rowHeight: 36, gap: 64 }),
  },
  {
    characters: 20,
    isList: false,
    places: (rows, widthOf) => columnPlaces(rows, { widthOf, rowHeight: 28, gap: 40 }),
  },
  { characters: 26, isList: true, places: listPlaces },
];
