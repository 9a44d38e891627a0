import { type Child, groupChildren } from "./children.ts";
import { contentHash } from "./hash.ts";
import type { Event, Session } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";

/**
 * What events have in common, such as `session("cowrie_session", [sessionid])`; identified by its
 * data alone.
 */
export function session(subType: string, children: Child | readonly Child[]): Session {
  checkSubType(subType);
  const grouped = groupChildren(children);
  const _hash = contentHash("session", subType, grouped.data);
  return { itype: "session", ...grouped, sub_type: subType, _hash };
}

/**
 * Adds events to a session's `_ref`; its hash stays the same.
 *
 * @throws {TypeError} when one of them is not an event.
 */
export function addEvents(session: Session, events: readonly Event[]): Session {
  checkEvents(events);
  return { ...session, _ref: [...new Set([...session._ref, ...events.map(({ _hash }) => _hash)])] };
}

/**
 * Removes events from a session's `_ref`; those it does not contain are ignored.
 *
 * @throws {TypeError} when one of them is not an event.
 */
export function removeEvents(session: Session, events: readonly Event[]): Session {
  checkEvents(events);
  const removed = new Set(events.map(({ _hash }) => _hash));
  return { ...session, _ref: session._ref.filter((hash) => !removed.has(hash)) };
}

function checkEvents(events: readonly Event[]): void {
  if (events.some((event) => event.itype !== "event")) {
    throw new TypeError("Only events can be part of a session");
  }
}
