import type { Hash } from "../../tahoe/instance.ts";
import type { Edges, InstanceName } from "../edges.ts";
import type { HeavyPath } from "./path_search.ts";

/** A path from a malicious event, which comes first, to the asked one. */
export type ThreatPath = {
  /** What it adds to the rank, as a positive number. */
  readonly weight: number;
  /** Its part of the rank; 1 is all of it. */
  readonly share: number;
  readonly nodes: readonly (InstanceName & { readonly hash: Hash })[];
};

export type DescribeOptions = {
  /** Returns the hash of a node by its number. */
  readonly eventHash: (event: number) => Hash;
  readonly attributeHash: (attribute: number) => Hash;
  /** Σ of the weights of all paths. */
  readonly sum: number;
};

/** Names the nodes of paths, and turns them round. */
export async function describePaths(
  edges: Pick<Edges, "names">,
  paths: readonly HeavyPath[],
  { eventHash, attributeHash, sum }: DescribeOptions,
): Promise<ThreatPath[]> {
  const hashes = paths.map(({ nodes }) =>
    nodes.map((node, depth) => depth % 2 === 0 ? eventHash(node) : attributeHash(node)).reverse()
  );
  const names = await edges.names([...new Set(hashes.flat())]);
  return paths.map(({ weight }, i) => ({
    weight,
    share: weight / sum,
    nodes: hashes[i]!.map((hash) => ({ hash, label: "", ...names.get(hash) })),
  }));
}
