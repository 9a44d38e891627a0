import type { Hash } from "../../tahoe/instance.ts";
import type { EdgeEvent, Edges } from "../edges.ts";
import { NeighbourhoodBuilder } from "./neighbourhood.ts";
import type { Budget } from "../budget.ts";
import { chunks } from "../../chunks.ts";

export type ExploreOptions = {
  readonly orgids: readonly string[];
  /** No more than so many events, and references of events, are loaded. */
  readonly maxEvents: number;
  readonly maxEdges: number;
};

/** What kept the exploration from seeing everything. */
export type Cut = "truncated" | "deadline";

/** Hops from the asked event to the layers of events around it. */
const LAYERS = [2, 4, 6];

/** Attributes whose events are asked for, and found to be all there, together. */
const PORTION = 1000;

/**
 * Loads what lies within six hops of an event, layer by layer. Of the asked event each attribute is
 * a portion of its own: one with too many events must not leave the others open, too.
 */
export async function explore(
  edges: Edges,
  asked: EdgeEvent,
  reach: ExploreOptions,
  budget: Budget,
): Promise<{ readonly gathering: NeighbourhoodBuilder; readonly cut: Cut | undefined }> {
  const gathering = new NeighbourhoodBuilder();
  gathering.add(asked, false);
  await leaveOutObjects(edges, gathering, 0);
  let seen = 0;
  for (const hops of LAYERS) {
    const attributes = gathering.attributes(gathering.references.slice(seen));
    seen = gathering.references.length;
    const todo = chunks(attributes, hops === LAYERS[0] ? 1 : PORTION);
    const layer = { ...reach, isLast: hops === LAYERS.at(-1) };
    const cut = await loadLayer(edges, gathering, todo, layer, budget);
    await leaveOutObjects(edges, gathering, seen);
    if (cut !== undefined) return { gathering, cut };
  }
  return { gathering, cut: undefined };
}

async function leaveOutObjects(
  edges: Edges,
  gathering: NeighbourhoodBuilder,
  from: number,
): Promise<void> {
  const references = gathering.references.slice(from);
  if (references.length > 0) gathering.leaveOut(await edges.objects(references));
}

type Layer = ExploreOptions & {
  /** Whether no path goes on behind it. */
  readonly isLast: boolean;
};

async function loadLayer(
  edges: Edges,
  gathering: NeighbourhoodBuilder,
  todo: AsyncIterable<readonly Hash[]>,
  layer: Layer,
  budget: Budget,
): Promise<Cut | undefined> {
  for await (const attributes of todo) {
    if (await isLate(budget)) return "deadline";
    for await (const events of edges.holders(attributes, layer.orgids, gathering.known)) {
      if (!take(events, gathering, layer)) return "truncated";
      if (await isLate(budget)) return "deadline";
    }
    gathering.close(attributes);
  }
}

/** Some stores answer without ever waiting: others must have their turn all the same. */
async function isLate(budget: Budget): Promise<boolean> {
  await budget.yieldIfDue();
  return budget.expired;
}

/** Adds those that are new. False if there are too many. */
function take(
  events: readonly EdgeEvent[],
  gathering: NeighbourhoodBuilder,
  layer: Layer,
): boolean {
  for (const event of events) {
    if (gathering.known.has(event.hash)) continue;
    const edgeCount = gathering.edgeCount + event.references.length;
    if (gathering.known.size >= layer.maxEvents || edgeCount > layer.maxEdges) return false;
    gathering.add(event, layer.isLast);
  }
  return true;
}
