import { printable } from "../../printable.ts";
import { labelText } from "../value_text.ts";
import type { ExportEdge, ExportGraph, ExportNode } from "./graph.ts";
import { isoTime } from "./iso_time.ts";

const SHAPES: { readonly [itype: string]: string } = {
  attribute: "box",
  event: "ellipse",
  object: "component",
  session: "folder",
};

/**
 * Writes a graph in Graphviz's DOT language. Long values are truncated, because it is for viewing.
 */
export function writeDot({ nodes, edges }: ExportGraph, question?: string): string {
  const heaviest = edges.reduce((most, { weight = 0 }) => Math.max(most, weight), 0);
  return [
    "graph cybexp {",
    `  graph ${attributeList(graphAttributes(question))};`,
    ...nodes.map((node) => `  ${quote(node.id)} ${attributeList(nodeAttributes(node))};`),
    ...edges.map((edge) =>
      `  ${quote(edge.source)} -- ${quote(edge.target)}${edgeAttributes(edge, heaviest)};`
    ),
    "}\n",
  ].join("\n");
}

/** Layout, and the question as a caption. */
function graphAttributes(question: string | undefined): string[][] {
  return [
    ["overlap", "false"],
    ["rankdir", "LR"],
    ...(question === undefined ? [] : [["label", quote(question)]]),
  ];
}

function nodeAttributes(
  { itype, subType, data, time, category, threatRank }: ExportNode,
): string[][] {
  const lines = [
    subType ?? itype,
    ...(data === undefined ? [] : [labelText(data)]),
    ...(time === undefined ? [] : [isoTime(time)]),
    ...(threatRank === undefined ? [] : [`ThreatRank ${threatRank}`]),
  ];
  return [
    ["label", quote(...lines)],
    ["shape", SHAPES[itype] ?? "box"],
    ...(category === "malicious" ? [["color", "red"]] : []),
  ];
}

function edgeAttributes({ via, weight }: ExportEdge, heaviest: number): string {
  if (weight !== undefined) {
    const width = (1 + 4 * weight / heaviest).toFixed(2);
    return ` ${attributeList([["label", quote(weight.toPrecision(3))], ["penwidth", width]])}`;
  }
  return via === undefined ? "" : ` ${attributeList([["label", quote(...via)]])}`;
}

function attributeList(pairs: readonly (readonly string[])[]): string {
  return `[${pairs.map((pair) => pair.join("=")).join(", ")}]`;
}

/** Writes lines as one quoted string. Labels contain escapes with a backslash, and entities. */
function quote(...lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    printable(line).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;")
  );
  return `"${escaped.join("\\n")}"`;
}
