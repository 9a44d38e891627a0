import type { Category, Hash } from "../../tahoe/instance.ts";
import type { Fields, Scalar } from "../../tahoe/value.ts";
import type { AnswerContent, RankContent, SummaryContent } from "../answer_content.ts";
import type { ListedInstance } from "../read_report.ts";

/** An instance as a node of an exported graph. */
export type ExportNode = {
  readonly id: Hash;
  readonly itype: string;
  /** Unknown for an event that was asked for by its hash if no path leads to it. */
  readonly subType?: string;
  /** Data of an attribute. */
  readonly data?: Scalar;
  /** Time of an event, in seconds since 1970. */
  readonly time?: number;
  readonly category?: Category;
  readonly threatRank?: number;
};

/** A connection of two nodes, without a direction. */
export type ExportEdge = {
  readonly source: Hash;
  readonly target: Hash;
  /** Labels of what lies between them and is not drawn: `["dns=event", "dst=object"]`. */
  readonly via?: readonly string[];
  /** What the paths over the edge add to ThreatRanks, as a positive number. */
  readonly weight?: number;
};

export type ExportGraph = {
  readonly nodes: readonly ExportNode[];
  readonly edges: readonly ExportEdge[];
};

type WeightedEdge = ExportEdge & { readonly weight: number };

/**
 * Draws the graph of an answer. A listing has its instances, connected to their members; a summary
 * has its attributes, each connected to the asked one; ThreatRanks have the heaviest paths.
 *
 * @throws {TypeError} when the answer is a count.
 */
export function drawGraph(content: AnswerContent): ExportGraph {
  switch (content.kind) {
    case "count":
      throw new TypeError("A count has no graph");
    case "summary":
      return drawSummary(content);
    case "listing":
      return drawListing(content.instances);
    case "ranks":
      return drawRanks(content.ranks);
  }
}

function drawSummary({ asked, attributes }: SummaryContent): ExportGraph {
  const others = attributes.filter(({ attribute }) => attribute._hash !== asked._hash);
  return {
    nodes: attributes.map(({ attribute }) => instanceNode(attribute)),
    edges: others.map(({ attribute, path = [] }) => ({
      source: asked._hash,
      target: attribute._hash,
      via: path.slice(1, -1).toReversed(),
    })),
  };
}

function drawListing(instances: readonly ListedInstance[]): ExportGraph {
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

/** Lists an instance's children; for a session also its events, which only `_ref` contains. */
function membersOf(instance: ListedInstance): ReadonlySet<Hash> {
  if (instance.itype === "attribute") return new Set();
  return new Set(instance.itype === "session" ? instance._ref : instance._cref);
}

function drawRanks(ranks: readonly RankContent[]): ExportGraph {
  const nodes = new Map<Hash, ExportNode>();
  const edges = new Map<string, WeightedEdge>();
  for (const { evidence: { paths = [] } } of ranks) {
    for (const { nodes: fields, weight } of paths) {
      const path = (fields as readonly Fields[]).map(pathNode);
      for (const [index, node] of path.entries()) {
        // A path begins with a malicious event.
        const known = nodes.get(node.id) ?? node;
        nodes.set(node.id, index === 0 ? { ...known, category: "malicious" } : known);
        if (index > 0) addWeight(edges, [path[index - 1]!.id, node.id], Number(weight));
      }
    }
  }
  for (const ranked of ranks) {
    nodes.set(ranked.hash, { ...nodes.get(ranked.hash), ...rankedNode(ranked) });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function pathNode({ _hash, label, data }: Fields): ExportNode {
  const [subType = "", itype = ""] = String(label).split("=");
  return { id: String(_hash), itype, subType, ...(data !== undefined && { data: data as Scalar }) };
}

function rankedNode({ hash: id, event, rank: threatRank }: RankContent): ExportNode {
  if (event === undefined) return { id, itype: "event", threatRank };
  return { ...instanceNode(event), threatRank };
}

/** Adds weight to the edge between two nodes, whichever of them comes first. */
function addWeight(
  edges: Map<string, WeightedEdge>,
  ends: readonly [Hash, Hash],
  weight: number,
): void {
  const [source, target] = ends.toSorted() as [Hash, Hash];
  const key = `${source} ${target}`;
  edges.set(key, { source, target, weight: (edges.get(key)?.weight ?? 0) + weight });
}
