import { printable } from "../../../printable.ts";
import { writeJson } from "../../../tahoe/json.ts";
import { shown } from "../format.ts";
import type { ExportEdge, ExportGraph, ExportNode } from "./graph.ts";
import { isoTime } from "./iso_time.ts";

/** The columns of nodes and edges: name and type. */
const NODE_COLUMNS = {
  itype: "string",
  sub_type: "string",
  data: "string",
  time: "string",
  category: "string",
  threatrank: "double",
} as const;
const EDGE_COLUMNS = { via: "string" } as const;

/** The graph in GEXF 1.3, which Gephi, networkx and others read. */
export function gexf({ nodes, edges }: ExportGraph): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
    '  <graph defaultedgetype="undirected">',
    ...declaration("node", NODE_COLUMNS),
    ...declaration("edge", EDGE_COLUMNS),
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

function declaration(of: string, columns: { readonly [name: string]: string }): string[] {
  return [
    `    <attributes class="${of}">`,
    ...Object.entries(columns).map(([id, type]) =>
      `      ${empty("attribute", { id, title: id, type })}`
    ),
    "    </attributes>",
  ];
}

function nodeLines({ id, itype, subType, data, time, category, threatRank }: ExportNode): string[] {
  const name = data === undefined ? [] : [shown(data)];
  const label = printable([subType ?? itype, ...name].join(" "));
  const values: Values<typeof NODE_COLUMNS> = {
    itype,
    sub_type: subType,
    data: data === undefined || typeof data === "string" ? data : writeJson(data),
    time: time === undefined ? undefined : isoTime(time),
    category,
    threatrank: threatRank,
  };
  return element("node", { id, label }, values);
}

function edgeLines({ source, target, via, weight }: ExportEdge, id: number): string[] {
  const values: Values<typeof EDGE_COLUMNS> = { via: via?.join(" > ") };
  return element("edge", { id, source, target, weight }, values);
}

type Values<Columns> = { readonly [name in keyof Columns]: string | number | undefined };
type Attributes = { readonly [name: string]: string | number | undefined };

function element(name: string, attributes: Attributes, values: Attributes): string[] {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  if (present.length === 0) return [`      ${empty(name, attributes)}`];
  return [
    `      <${name}${written(attributes)}>`,
    "        <attvalues>",
    ...present.map(([column, value]) => `          ${empty("attvalue", { for: column, value })}`),
    "        </attvalues>",
    `      </${name}>`,
  ];
}

function empty(name: string, attributes: Attributes): string {
  return `<${name}${written(attributes)}/>`;
}

function written(attributes: Attributes): string {
  return Object.entries(attributes).filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
}

/**
 * The text within an XML attribute. What XML 1.0 cannot say (section 2.2) is written `\u0001`; what
 * it would read as something else, or a terminal obey, as a character reference.
 */
function escaped(text: string): string {
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
