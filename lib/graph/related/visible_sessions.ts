import type { Hash, Session } from "../../tahoe/instance.ts";
import type { Graph } from "../graph.ts";
import { chunks } from "../../chunks.ts";

/** A session as somebody may see it, and which of its `_ref` are events. */
export type VisibleSession = { readonly session: Session; readonly events: readonly Hash[] };

/** Hashes that one look asks for. */
const AT_ONCE = 1000;

/**
 * Sessions whose `_ref` holds no more than their children and those events that the organisations
 * may see, at any time. What is no session is left out.
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
  for await (const some of chunks([...referred.difference(children)], AT_ONCE)) {
    for (const hash of await graph.visible(some, orgids)) visible.add(hash);
  }
  return sessions.map((session) => shown(session, visible));
}

function shown(session: Session, visible: ReadonlySet<Hash>): VisibleSession {
  const children = new Set(session._cref);
  const events = session._ref.filter((hash) => visible.has(hash));
  const _ref = session._ref.filter((hash) => children.has(hash) || visible.has(hash));
  return { session: { ...session, _ref }, events };
}
