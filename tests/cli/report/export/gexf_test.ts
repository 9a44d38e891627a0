import { deepEqual, equal } from "node:assert/strict";
import { SaxesParser } from "saxes";
import type { Answered } from "../../../../lib/cli/report/answered.ts";
import { gexf } from "../../../../lib/cli/report/export/gexf.ts";
import { graphOf } from "../../../../lib/cli/report/export/graph.ts";
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

type Item = { readonly [name: string]: string };

/** Nodes and edges, the values of their columns beside their own attributes. */
function read(answered: Answered): { nodes: Item[]; edges: Item[] } {
  const found: { node: Item[]; edge: Item[] } = { node: [], edge: [] };
  let item: { [name: string]: string } = {};
  // Throws on what is not well-formed, characters that XML has not among it.
  const parser = new SaxesParser({ xmlns: true, position: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const values = Object.fromEntries(Object.entries(attributes).map(([n, a]) => [n, a.value]));
    if (name === "node" || name === "edge") found[name].push(item = values);
    if (name === "attvalue") item[values["for"]!] = values["value"]!;
  });
  const text = new TextDecoder().decode(new TextEncoder().encode(gexf(graphOf(answered))));
  parser.write(text).close();
  return { nodes: found.node, edges: found.edge };
}

Deno.test("gexf writes attributes, and what connects them to the asked one", () => {
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

Deno.test("gexf writes instances and their members", () => {
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

Deno.test("gexf writes the heaviest paths, and ranks as numbers", () => {
  const { nodes, edges } = read(ranksAnswer("http://example.com/"));
  deepEqual(edges.map(({ weight }) => Number(weight)), [0.25, 0.25, 0.125, 0.125]);
  deepEqual(
    nodes.filter(({ threatrank }) => threatrank !== undefined)
      .map(({ sub_type, threatrank, category }) => [sub_type, threatrank, category]),
    [["login", "-1", "malicious"], ["sighting", "-0.375", "unknown"]],
  );
});

Deno.test("gexf writes an event that no path leads to, and nothing at all", () => {
  const alone = { id: "e".repeat(64), label: "event", itype: "event", threatrank: "0" };
  deepEqual(read(hashAnswer()), { nodes: [alone], edges: [] });
  deepEqual(read(relatedAnswer({})), { nodes: [], edges: [] });
});

for (const text of HOSTILE_TEXTS) {
  Deno.test(`gexf keeps ${JSON.stringify(text.slice(0, 30))} in its attribute`, () => {
    const expected = text.toWellFormed().replace(
      /(?![\t\r\n\x7f-\x9f])[\p{Cc}\ufffe\uffff]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    equal(read(summaryGraphAnswer([text])).nodes[1]!["data"], expected);
    equal(read(listingAnswer(text)).nodes.length, 7);
    equal(read(ranksAnswer(text)).nodes.length, 4);
  });
}

Deno.test("gexf writes what is no text as JSON", () => {
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

Deno.test("gexf writes labels that no viewer turns round, and cuts long ones", () => {
  const { nodes } = read(summaryGraphAnswer(["\u202egpj.exe", "x".repeat(1_000_000)]));
  equal(nodes[1]!["label"], "filename \\u202egpj.exe");
  equal(nodes[2]!["label"]!.length, "filename ".length + 80);
});
