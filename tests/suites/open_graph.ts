import type { Graph } from "../../lib/graph/graph.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";

/** Opens an empty store, and its view for reports; `close` removes everything. */
export type OpenGraph = () => Promise<OpenedGraph>;

export type OpenedGraph = { store: InstanceStore; graph: Graph; close(): Promise<void> };
