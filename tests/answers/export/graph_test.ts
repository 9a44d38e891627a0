import { deepEqual, throws } from "../../assert.ts";
import { readContent } from "../../../lib/answers/answer_content.ts";
import { drawGraph } from "../../../lib/answers/export/graph.ts";
import type { Evidence } from "../../../lib/tahoe/instance.ts";
import { report } from "../../../lib/tahoe/report.ts";
import type { Fields } from "../../../lib/tahoe/value.ts";
import { countAnswer } from "./answers.ts";

const URL_NODE = { _hash: "aa", label: "url=attribute", data: "http://example.com/" };

/** Builds the rank of an event, with one path to it over the URL. */
function eventRank(hash: string, weight: number, from: string) {
  const nodes: Fields[] = [
    { _hash: from, label: "sighting=event" },
    URL_NODE,
    { _hash: hash, label: "sighting=event" },
  ];
  const evidence: Evidence = { _hash: hash, flags: [], paths: [{ weight, share: 1, nodes }] };
  return { hash, report: report("threatrank", -weight, { userid: "", timestamp: 0, evidence }) };
}

Deno.test("drawGraph adds up the weights of an edge in both directions", () => {
  const ranks = [eventRank("e1", 0.5, "e2"), eventRank("e2", 0.25, "e1")];
  const { nodes, edges } = drawGraph(readContent({ qtype: "threatrank", ranks }));
  deepEqual(nodes.map(({ id }) => id), ["e2", "aa", "e1"]);
  deepEqual(edges, [
    { source: "aa", target: "e2", weight: 0.75 },
    { source: "aa", target: "e1", weight: 0.75 },
  ]);
});

Deno.test("drawGraph marks the event at the beginning of a path as malicious", () => {
  const { nodes } = drawGraph(
    readContent({ qtype: "threatrank", ranks: [eventRank("e1", 0.5, "e2")] }),
  );
  deepEqual(nodes, [
    { id: "e2", itype: "event", subType: "sighting", category: "malicious" },
    { id: "aa", itype: "attribute", subType: "url", data: "http://example.com/" },
    { id: "e1", itype: "event", subType: "sighting", threatRank: -0.5 },
  ]);
});

Deno.test("drawGraph refuses a count", () => {
  throws(() => drawGraph(readContent(countAnswer(1n))), TypeError);
});
