import { jsonText } from "../../json_text.ts";
import type { Answered } from "../answered.ts";
import { csv } from "./csv.ts";
import { dot } from "./dot.ts";
import { gexf } from "./gexf.ts";
import { graphOf } from "./graph.ts";
import { stix } from "./stix.ts";

/** Forms in which other programs read answers, and what the help says of them. */
export const FORMATS = {
  stix: "write a STIX 2.1 bundle",
  csv: "write CSV, for spreadsheets",
  dot: "write the graph for Graphviz",
  gexf: "write the graph for Gephi and the like",
} as const;

export type Format = keyof typeof FORMATS;

/** Whether the form is that of a graph: a count has none. */
export function isGraph(format: Format | undefined): boolean {
  return format === "dot" || format === "gexf";
}

/** The whole text of a file in that form. Throws TypeError for the graph of a count. */
export function exportAnswer(answered: Answered, format: Format): string {
  switch (format) {
    case "stix":
      return jsonText(stix(answered)) + "\n";
    case "csv":
      return csv(answered);
    case "dot":
      return dot(graphOf(answered));
    case "gexf":
      return gexf(graphOf(answered));
  }
}
