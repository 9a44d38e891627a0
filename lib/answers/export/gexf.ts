import { printable } from "../../printable.ts";
import { labelText, valueText } from "../value_text.ts";
import type { ExportEdge, ExportGraph, ExportNode } from "./graph.ts";
import { isoTime } from "./iso_time.ts";

/** Columns of the node table, with their types. */
const NODE_COLUMNS = {
  itype: "string",
  sub_type: "string",
  data: "string",
  time: "string",
  category: "string",
  threatrank: "double",
} as const;

/** Columns of the edge table, with their types. */
const EDGE_COLUMNS = { via: "string" } as const;

/** Writes a graph in GEXF 1.3, which Gephi, networkx and others read. */
export function writeGexf({ nodes, edges }: ExportGraph, question?: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
    ...(question === undefined ? [] : metaLines(question)),
    '  <graph defaultedgetype="undirected">',
    ...columnLines("node", NODE_COLUMNS),
    ...columnLines("edge", EDGE_COLUMNS),
    "    <nodes>",
    ...nodes.flatMap(nodeLines),
    "    </nodes>",
    "    <edges>",
    ...edges.flatMap(edgeLines),
    "    </edges>",
    "  </graph>",
    "</gexf>\n",
  ].join("\n");
}

/** The question as the description of the file. */
function metaLines(question: string): string[] {
  return [
    "  <meta>",
    `    <description>${escapeXml(question)}</description>`,
    "  </meta>",
  ];
}

function columnLines(table: string, columns: { readonly [name: string]: string }): string[] {
  return [
    `    <attributes class="${table}">`,
    ...Object.entries(columns).map(([id, type]) =>
      `      ${emptyElement("attribute", { id, title: id, type })}`
    ),
    "    </attributes>",
  ];
}

function nodeLines({ id, itype, subType, data, time, category, threatRank }: ExportNode): string[] {
  const name = data === undefined ? [] : [labelText(data)];
  const label = printable([subType ?? itype, ...name].join(" "));
  const values: ColumnValues<typeof NODE_COLUMNS> = {
    itype,
    sub_type: subType,
    data: data === undefined ? undefined : valueText(data),
    time: time === undefined ? undefined : isoTime(time),
    category,
    threatrank: threatRank,
  };
  return elementLines("node", { id, label }, values);
}

function edgeLines({ source, target, via, weight }: ExportEdge, id: number): string[] {
  const values: ColumnValues<typeof EDGE_COLUMNS> = { via: via?.join(" > ") };
  return elementLines("edge", { id, source, target, weight }, values);
}

/** Values of one node or edge in its table. */
type ColumnValues<Columns> = { readonly [name in keyof Columns]: string | number | undefined };

type XmlAttributes = { readonly [name: string]: string | number | undefined };

/** Writes an element of three levels: itself, its values, and each value that is not undefined. */
function elementLines(name: string, attributes: XmlAttributes, values: XmlAttributes): string[] {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  if (present.length === 0) return [`      ${emptyElement(name, attributes)}`];
  return [
    `      <${name}${attributesText(attributes)}>`,
    "        <attvalues>",
    ...present.map(([column, value]) =>
      `          ${emptyElement("attvalue", { for: column, value })}`
    ),
    "        </attvalues>",
    `      </${name}>`,
  ];
}

function emptyElement(name: string, attributes: XmlAttributes): string {
  return `<${name}${attributesText(attributes)}/>`;
}

function attributesText(attributes: XmlAttributes): string {
  return Object.entries(attributes).filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`).join("");
}

/**
 * Escapes text for an XML attribute. Characters that XML 1.0 forbids (section 2.2) are written as
 * `\u0001`. Those that XML would read as something else, or that a terminal would obey, become
 * character references.
 */
function escapeXml(text: string): string {
  return text.toWellFormed()
    .replace(
      /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    .replace(
      /[&<>"\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
      (character) => `&#${character.codePointAt(0)};`,
    );
}
