import { jsonText } from "../../json_text.ts";
import { type QueryResult, readContent } from "../answer_content.ts";
import { writeCsv } from "./csv.ts";
import { writeDot } from "./dot.ts";
import { writeGexf } from "./gexf.ts";
import { drawGraph } from "./graph.ts";
import { writeHtml } from "./html.ts";
import { stixBundle } from "./stix.ts";

/** Formats in which other programs read answers, with the help text of each. */
export const EXPORT_FORMATS = {
  stix: "write a STIX 2.1 bundle",
  csv: "write CSV, for spreadsheets",
  dot: "write the graph for Graphviz",
  gexf: "write the graph for Gephi and similar programs",
  html: "write a page to look at, one file that opens in any browser",
} as const;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** Tells whether a format is that of a graph, which a count does not have. */
export function isGraphFormat(format: ExportFormat | undefined): boolean {
  return format === "dot" || format === "gexf";
}

/**
 * Writes an answer as the complete text of a file.
 *
 * @throws {TypeError} when the graph of a count is asked for.
 */
export function exportAnswer(result: QueryResult, format: ExportFormat): string {
  if (format === "html") return writeHtml(result);
  const content = readContent(result);
  switch (format) {
    case "stix":
      return jsonText(stixBundle(content)) + "\n";
    case "csv":
      return writeCsv(content);
    case "dot":
    case "gexf": {
      const graph = drawGraph(content);
      const { question } = content;
      return format === "dot" ? writeDot(graph, question) : writeGexf(graph, question);
    }
  }
}

/** Every export format. */
export const ALL_FORMATS = Object.keys(EXPORT_FORMATS) as readonly ExportFormat[];

/** The formats of an answer that has no graph. */
export const PLAIN_FORMATS: readonly ExportFormat[] = ALL_FORMATS.filter((format) =>
  !isGraphFormat(format)
);
