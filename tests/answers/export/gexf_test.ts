import { deepEqual, equal } from "../../assert.ts";
import { SaxesParser } from "saxes";
import { type QueryResult, readContent } from "../../../lib/answers/answer_content.ts";
import { writeGexf } from "../../../lib/answers/export/gexf.ts";
import { drawGraph } from "../../../lib/answers/export/graph.ts";
import {
  ASKED,
  hashAnswer,
  HOSTILE_TEXTS,
  listingAnswer,
  OTHER_SCALARS,
  ranksAnswer,
  relatedAnswer,
  summaryGraphAnswer,
} from "./answers.ts";

type Element = { readonly [name: string]: string };

/** Writes an answer and reads its nodes and edges: attributes and column values together. */
function read(result: QueryResult): { nodes: Element[]; edges: Element[] } {
  const found: { node: Element[]; edge: Element[] } = { node: [], edge: [] };
  let element: { [name: string]: string } = {};
  // Throws if the text is not well-formed, for example if it contains characters that XML forbids.
  const parser = new SaxesParser({ xmlns: true, position: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const values = Object.fromEntries(Object.entries(attributes).map(([n, a]) => [n, a.value]));
    if (name === "node" || name === "edge") found[name].push(element = values);
    if (name === "attvalue") element[values["for"]!] = values["value"]!;
  });
  const text = new TextDecoder().decode(
    new TextEncoder().encode(writeGexf(drawGraph(readContent(result)))),
  );
  parser.write(text).close();
  return { nodes: found.node, edges: found.edge };
}

Deno.test("writeGexf writes attributes and their connections to the asked one", () => {
  const { nodes, edges } = read(summaryGraphAnswer(["a.exe"]));
  deepEqual(nodes[0], {
    id: ASKED._hash,
    label: "ipv4 203.0.113.7",
    itype: "attribute",
    sub_type: "ipv4",
    data: "203.0.113.7",
  });
  deepEqual(edges[0], {
    id: "0",
    source: ASKED._hash,
    target: nodes[1]!["id"],
    via: "dns=event > dst=object",
  });
});

Deno.test("writeGexf writes instances and their members", () => {
  const { nodes, edges } = read(listingAnswer("secret"));
  deepEqual(nodes.map(({ itype }) => itype), [
    "attribute",
    "event",
    "attribute",
    "object",
    "attribute",
    "attribute",
    "session",
  ]);
  const ids = nodes.map(({ id }) => id);
  equal(edges.length, 6);
  equal(edges.every(({ source, target }) => ids.includes(source!) && ids.includes(target!)), true);
  const { time, category } = nodes[1]!;
  deepEqual({ time, category }, { time: "2023-11-14T22:13:20.250Z", category: "malicious" });
});

Deno.test("writeGexf writes the heaviest paths, and ranks as numbers", () => {
  const { nodes, edges } = read(ranksAnswer("http://example.com/"));
  deepEqual(edges.map(({ weight }) => Number(weight)), [0.25, 0.25, 0.125, 0.125]);
  deepEqual(
    nodes.filter(({ threatrank }) => threatrank !== undefined)
      .map(({ sub_type, threatrank, category }) => [sub_type, threatrank, category]),
    [["login", "-1", "malicious"], ["sighting", "-0.375", "unknown"]],
  );
});

Deno.test("writeGexf writes an event without paths, and an empty graph", () => {
  const alone = { id: "e".repeat(64), label: "event", itype: "event", threatrank: "0" };
  deepEqual(read(hashAnswer()), { nodes: [alone], edges: [] });
  deepEqual(read(relatedAnswer({})), { nodes: [], edges: [] });
});

for (const text of HOSTILE_TEXTS) {
  Deno.test(`writeGexf keeps ${JSON.stringify(text.slice(0, 30))} in its attribute`, () => {
    const expected = text.toWellFormed().replace(
      /(?![\t\r\n\x7f-\x9f])[\p{Cc}\ufffe\uffff]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    equal(read(summaryGraphAnswer([text])).nodes[1]!["data"], expected);
    equal(read(listingAnswer(text)).nodes.length, 7);
    equal(read(ranksAnswer(text)).nodes.length, 4);
  });
}

Deno.test("writeGexf writes values that are not strings as JSON", () => {
  const { nodes } = read(summaryGraphAnswer(OTHER_SCALARS));
  deepEqual(nodes.slice(1, 1 + OTHER_SCALARS.length).map(({ data }) => data), [
    "null",
    "true",
    "5",
    "1180591620717411303424",
    "1.5",
    "-0.5",
    "NaN",
  ]);
});

Deno.test("writeGexf writes labels without direction marks, and truncates long ones", () => {
  const { nodes } = read(summaryGraphAnswer(["\u202egpj.exe", "x".repeat(1_000_000)]));
  equal(nodes[1]!["label"], "filename \\u202egpj.exe");
  equal(nodes[2]!["label"]!.length, "filename ".length + 80);
});
