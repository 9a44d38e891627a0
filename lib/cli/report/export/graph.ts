import { attribute } from "../../../tahoe/attribute.ts";
import type { Attribute, Category, Hash, Report } from "../../../tahoe/instance.ts";
import type { Fields, Scalar } from "../../../tahoe/value.ts";
import {
  type Answered,
  evidenceOf,
  listed,
  type ListedInstance,
  type Ranked,
  summarised,
  type SummaryEntry,
} from "../answered.ts";

/** An instance to be drawn. */
export type ExportNode = {
  readonly id: Hash;
  readonly itype: string;
  /** Unknown of an event that was asked for by its hash and that no path leads to. */
  readonly subType?: string;
  /** Of an attribute. */
  readonly data?: Scalar;
  /** Seconds since 1970. */
  readonly time?: number;
  readonly category?: Category;
  readonly threatRank?: number;
};

/** What connects two nodes; it has no direction. */
export type ExportEdge = {
  readonly source: Hash;
  readonly target: Hash;
  /** What lies between them and is not drawn: `["dns=event", "dst=object"]`. */
  readonly via?: readonly string[];
  /** What the paths over it add to ThreatRanks, as a positive number. */
  readonly weight?: number;
};

export type ExportGraph = {
  readonly nodes: readonly ExportNode[];
  readonly edges: readonly ExportEdge[];
};

/**
 * The graph of an answer: instances and their members; of a summary graph its attributes, each
 * connected to the asked one; of ThreatRanks the paths they rest on.
 *
 * Throws TypeError for a count.
 */
export function graphOf(answered: Answered): ExportGraph {
  switch (answered.qtype) {
    case "count":
      throw new TypeError("A count has no graph");
    case "related": {
      const { asked, report } = answered;
      const instances = listed(report);
      return instances === undefined ? star(asked, report) : instanceGraph(instances);
    }
    case "threatrank":
      return rankGraph(answered.ranks);
  }
}

function star(asked: Attribute, report: Report): ExportGraph {
  const entries = summarised(report).map((entry) => ({ ...entry, id: hashOf(entry) }));
  return {
    nodes: entries.map(({ id, subType, data }) => ({ id, itype: "attribute", subType, data })),
    edges: entries.filter(({ id }) => id !== asked._hash).map(({ id, path = [] }) => ({
      source: asked._hash,
      target: id,
      via: path.slice(1, -1).toReversed(),
    })),
  };
}

function hashOf({ subType, data }: SummaryEntry): Hash {
  return attribute(subType, data)._hash;
}

function instanceGraph(instances: readonly ListedInstance[]): ExportGraph {
  const drawn = new Set(instances.map(({ _hash }) => _hash));
  return {
    nodes: instances.map(instanceNode),
    edges: instances.flatMap((instance) =>
      [...membersOf(instance)].filter((hash) => drawn.has(hash))
        .map((hash) => ({ source: instance._hash, target: hash }))
    ),
  };
}

function instanceNode(instance: ListedInstance): ExportNode {
  const { _hash: id, itype, sub_type: subType } = instance;
  if (instance.itype === "attribute") return { id, itype, subType, data: instance.data };
  if (instance.itype !== "event") return { id, itype, subType };
  return { id, itype, subType, time: instance.timestamp, category: instance.category };
}

/** Its children; of a session also its events, which its `_ref` has. */
function membersOf(instance: ListedInstance): ReadonlySet<Hash> {
  if (instance.itype === "attribute") return new Set();
  return new Set(instance.itype === "session" ? instance._ref : instance._cref);
}

function rankGraph(ranks: readonly Ranked[]): ExportGraph {
  const nodes = new Map<Hash, ExportNode>();
  const edges = new Map<string, ExportEdge & { readonly weight: number }>();
  for (const { hash, report } of ranks) {
    for (const path of evidenceOf(report, hash).paths ?? []) {
      const steps = (path["nodes"] as readonly Fields[]).map(stepNode);
      for (const [place, node] of steps.entries()) {
        // A path begins with a malicious event.
        const known = nodes.get(node.id) ?? node;
        nodes.set(node.id, place === 0 ? { ...known, category: "malicious" } : known);
        if (place > 0) addWeight(edges, steps[place - 1]!.id, node.id, Number(path["weight"]));
      }
    }
  }
  for (const ranked of ranks) {
    nodes.set(ranked.hash, { ...nodes.get(ranked.hash), ...rankedNode(ranked) });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function stepNode({ _hash, label, data }: Fields): ExportNode {
  const [subType = "", itype = ""] = String(label).split("=");
  return { id: String(_hash), itype, subType, ...data !== undefined && { data: data as Scalar } };
}

function rankedNode({ hash: id, event, report }: Ranked): ExportNode {
  const threatRank = Number(report.data);
  if (event === undefined) return { id, itype: "event", threatRank };
  return { ...instanceNode(event), threatRank };
}

function addWeight(
  edges: Map<string, ExportEdge & { readonly weight: number }>,
  from: Hash,
  to: Hash,
  weight: number,
): void {
  const [source, target] = from < to ? [from, to] : [to, from];
  const key = `${source} ${target}`;
  edges.set(key, { source, target, weight: (edges.get(key)?.weight ?? 0) + weight });
}
