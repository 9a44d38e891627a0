import { counted, numberText } from "../numbers.ts";
import { valueText } from "../../lib/answers/value_text.ts";
import { shownText } from "../shown_text.ts";
import type { GraphNode } from "./model.ts";

/** Writes a node in one line of at most about `most` characters of its value. */
export function nodeText({ kind, value, note, shape }: GraphNode, most: number): string {
  if (value !== undefined) return `${kind} ${shownText(valueText(value.data), most)}`;
  if (note !== undefined) return `${kind} · ${note}`;
  return shape === "group" ? kind : `${kind} ${shape}`;
}

/** Says how many neighbours are not shown. */
export function moreText(hidden: number): string {
  return `${numberText(hidden)} more`;
}

/** Says of a part of the graph how large it is. */
export function sizeText(nodes: number): string {
  return `${counted(nodes, "node")} in sight`;
}
