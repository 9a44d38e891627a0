import { type Child, groupChildren } from "./children.ts";
import { contentHash } from "./hash.ts";
import type { Event, Session } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";

/** What events have in common, `session("cowrie_session", [sessionid])`: known by its data alone. */
export function session(subType: string, children: Child | readonly Child[]): Session {
  checkSubType(subType);
  const gathered = groupChildren(children);
  const _hash = contentHash("session", subType, gathered.data);
  return { itype: "session", ...gathered, sub_type: subType, _hash };
}

/** The session with the events in its `_ref`; its hash stays. Throws TypeError if one is no event. */
export function addEvents(session: Session, events: readonly Event[]): Session {
  checkEvents(events);
  return { ...session, _ref: [...new Set([...session._ref, ...events.map(hashOf)])] };
}

/** The session without the events; what it does not hold is passed over. Throws as above. */
export function removeEvents(session: Session, events: readonly Event[]): Session {
  checkEvents(events);
  const gone = new Set(events.map(hashOf));
  return { ...session, _ref: session._ref.filter((hash) => !gone.has(hash)) };
}

function checkEvents(events: readonly Event[]): void {
  if (events.some((event) => event.itype !== "event")) {
    throw new TypeError("A session holds events only");
  }
}

function hashOf(event: Event): string {
  return event._hash;
}
