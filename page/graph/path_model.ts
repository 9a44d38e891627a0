import type { PageRank, PathNode } from "../answer.ts";
import { rankText } from "../numbers.ts";
import type { TimeWriter } from "../time.ts";
import { GraphModel, type NodeShape } from "./model.ts";

/** Makes the graph of the paths that ThreatRanks rest on, from the ranked events on. */
export function pathModel(ranks: readonly PageRank[], time: TimeWriter): GraphModel {
  const model = new GraphModel();
  const ranked = ranks.filter(({ paths }) => paths.length > 0);
  for (const { nodes } of ranked.flatMap(({ paths }) => paths)) addPath(model, nodes);
  for (const { hash, event, rank } of ranked) {
    const note = `ThreatRank ${rankText(rank)}`;
    const when = event === undefined ? {} : { when: time.text(event.time) };
    model.set({ ...model.node(hash), note, ...when });
  }
  model.setRoots(ranked.map(({ hash }) => hash));
  return model;
}

function addPath(model: GraphModel, nodes: readonly PathNode[]): void {
  const ids = nodes.map(({ hash }) => hash);
  for (const [index, { hash, itype, subType, data }] of nodes.entries()) {
    const node = { id: hash, shape: itype as NodeShape, kind: subType } as const;
    if (data !== undefined) model.add({ ...node, value: { subType, data } });
    // A path begins with a malicious event.
    else if (index === 0) model.set({ ...node, note: hash.slice(0, 8), category: "malicious" });
    else model.add({ ...node, note: hash.slice(0, 8) });
    if (index > 0) model.link(ids[index - 1]!, hash);
  }
}
