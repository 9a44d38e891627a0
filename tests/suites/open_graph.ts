import type { Graph } from "../../lib/graph/graph.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";

/** Opens an empty store, and the same as reports look at it; `close` takes away all that was in it. */
export type OpenGraph = () => Promise<OpenedGraph>;

export type OpenedGraph = { store: InstanceStore; graph: Graph; close(): Promise<void> };
