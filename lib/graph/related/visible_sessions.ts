import { chunks } from "../../chunks.ts";
import type { Hash, Session } from "../../tahoe/instance.ts";
import type { Graph } from "../graph.ts";

/** A session without what may not be seen, and the events in its `_ref`. */
export type VisibleSession = { readonly session: Session; readonly events: readonly Hash[] };

/** Hashes in one request to the graph. */
const BATCH_SIZE = 1000;

/**
 * Returns those of the hashes that are sessions, each with a `_ref` of only its children and the
 * events that the organisations may see, of any time.
 */
export async function visibleSessions(
  graph: Graph,
  hashes: readonly Hash[],
  orgids: readonly string[],
): Promise<VisibleSession[]> {
  const sessions = (await graph.get(hashes)).filter((found) => found.itype === "session");
  const children = new Set(sessions.flatMap((session) => session._cref));
  const referred = new Set(sessions.flatMap((session) => session._ref));
  const visible = new Set<Hash>();
  for await (const batch of chunks([...referred.difference(children)], BATCH_SIZE)) {
    for (const hash of await graph.visibleEvents(batch, orgids)) visible.add(hash);
  }
  return sessions.map((session) => restrictTo(visible, session));
}

function restrictTo(visible: ReadonlySet<Hash>, session: Session): VisibleSession {
  const children = new Set(session._cref);
  const events = session._ref.filter((hash) => visible.has(hash));
  const _ref = session._ref.filter((hash) => children.has(hash) || visible.has(hash));
  return { session: { ...session, _ref }, events };
}
