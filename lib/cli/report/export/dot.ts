import { printable } from "../../../printable.ts";
import { shown } from "../format.ts";
import type { ExportEdge, ExportGraph, ExportNode } from "./graph.ts";
import { isoTime } from "./iso_time.ts";

const SHAPES: { readonly [itype: string]: string } = {
  attribute: "box",
  event: "ellipse",
  object: "component",
  session: "folder",
};

/** The graph in Graphviz's language. Long texts are cut: it is for looking at. */
export function dot({ nodes, edges }: ExportGraph): string {
  const heaviest = edges.reduce((most, { weight = 0 }) => Math.max(most, weight), 0);
  return [
    "graph cybexp {",
    "  graph [overlap=false, rankdir=LR];",
    ...nodes.map((node) => `  ${quoted(node.id)} ${attributes(nodeAttributes(node))};`),
    ...edges.map((edge) =>
      `  ${quoted(edge.source)} -- ${quoted(edge.target)}${edgeAttributes(edge, heaviest)};`
    ),
    "}\n",
  ].join("\n");
}

function nodeAttributes(
  { itype, subType, data, time, category, threatRank }: ExportNode,
): string[][] {
  const lines = [
    subType ?? itype,
    ...data === undefined ? [] : [shown(data)],
    ...time === undefined ? [] : [isoTime(time)],
    ...threatRank === undefined ? [] : [`ThreatRank ${threatRank}`],
  ];
  return [
    ["label", quoted(...lines)],
    ["shape", SHAPES[itype] ?? "box"],
    ...category === "malicious" ? [["color", "red"]] : [],
  ];
}

function edgeAttributes({ via, weight }: ExportEdge, heaviest: number): string {
  if (weight !== undefined) {
    const width = (1 + 4 * weight / heaviest).toFixed(2);
    return ` ${attributes([["label", quoted(weight.toPrecision(3))], ["penwidth", width]])}`;
  }
  return via === undefined ? "" : ` ${attributes([["label", quoted(...via)]])}`;
}

function attributes(pairs: readonly (readonly string[])[]): string {
  return `[${pairs.map((pair) => pair.join("=")).join(", ")}]`;
}

/** Lines as one quoted string: labels know escapes beginning with a backslash, and entities. */
function quoted(...lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    printable(line).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;")
  );
  return `"${escaped.join("\\n")}"`;
}
