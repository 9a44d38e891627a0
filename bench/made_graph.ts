import { attribute } from "../lib/tahoe/attribute.ts";
import { event, setCategory } from "../lib/tahoe/event.ts";
import type { Attribute, Event, Instance } from "../lib/tahoe/instance.ts";
import type { InstanceStore } from "../lib/tahoe/instances.ts";
import { addEvents, session } from "../lib/tahoe/session.ts";

/** Number of events that hold each attribute. */
const EVENTS_EACH = 20;
/** Attributes of an event. Each kind has its own step, so that two events never share many. */
const KINDS = ["ipv4", "url", "domain", "filename", "sha256", "hostname"] as const;
const STEPS = [7919, 104_729, 1_299_709, 15_485_863, 32_452_843, 49_979_687];
const SESSION_EVENTS = 5;
const BATCH_EVENTS = 500;
const START = 1_600_000_000;

/** Stores events of six attributes in sessions of five; each attribute is in twenty events. */
export async function storeGraph(
  store: InstanceStore,
  events: number,
  orgids: readonly string[],
): Promise<void> {
  for (let from = 0; from < events; from += BATCH_EVENTS) {
    const batch = new Map<string, Instance>();
    let visit: Event[] = [];
    for (let number = from; number < Math.min(from + BATCH_EVENTS, events); number++) {
      const attributes = KINDS.map((_, kind) => attributeOf(kind, valueOf(number, kind, events)));
      const orgid = orgids[number % orgids.length]!;
      const happened = event("sighting", attributes, { orgid, timestamp: START + number });
      for (const each of [...attributes, happened]) batch.set(each._hash, each);
      visit.push(happened);
      if (visit.length < SESSION_EVENTS) continue;
      const id = attribute("session_id", `visit ${number}`);
      const whole = addEvents(session("visit", id), visit);
      batch.set(id._hash, id).set(whole._hash, whole);
      visit = [];
    }
    await store.put([...batch.values()]);
  }
}

/**
 * One attribute, by number, of a graph with the given number of events. The attributes are spread
 * evenly, so that the first ones are not special.
 */
export function askedAttribute(number: number, events: number): Attribute {
  return attributeOf(number % KINDS.length, (number * 7919) % (events / EVENTS_EACH));
}

function valueOf(number: number, kind: number, events: number): number {
  return Math.floor((number * STEPS[kind]! % events) / EVENTS_EACH);
}

function attributeOf(kind: number, value: number): Attribute {
  return attribute(KINDS[kind]!, `${KINDS[kind]} ${value}`);
}

/** Stores a hub, an attribute that `events` events hold, and returns one of these events. */
export async function storeHub(
  store: InstanceStore,
  events: number,
  orgid: string,
): Promise<Event> {
  const hub = attribute("ipv4", "198.51.100.1");
  let beside: Event | undefined;
  for (let from = 0; from < events; from += BATCH_EVENTS) {
    const batch = new Map<string, Instance>([[hub._hash, hub]]);
    for (let number = from; number < Math.min(from + BATCH_EVENTS, events); number++) {
      const others = [1, 2, 3, 4].map((kind) => attributeOf(kind, valueOf(number, kind, events)));
      const happened = event("sighting", [hub, ...others], { orgid, timestamp: START + number });
      const judged = number % 10 === 1 ? setCategory(happened, "malicious") : happened;
      beside ??= judged;
      for (const each of [...others, judged]) batch.set(each._hash, each);
    }
    await store.put([...batch.values()]);
  }
  return beside!;
}
