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

/** Events of the part of each graph that is asked about. */
const ASKED_EVENTS = 1000;

/** A part of a graph that shares no attribute with the others. */
class Part {
  readonly #name: string;
  readonly #events: number;
  #number = 0;
  #visit: Event[] = [];

  constructor(name: string, events: number) {
    this.#name = name;
    this.#events = events;
  }

  /** Makes its next event, and after every five of them their session. */
  next(timestamp: number, orgids: readonly string[]): Instance[] {
    const number = this.#number++;
    const attributes = KINDS.map((_, kind) =>
      attributeOf(kind, this.#name + valueOf(number, kind, this.#events))
    );
    const orgid = orgids[number % orgids.length]!;
    const happened = event("sighting", attributes, { orgid, timestamp });
    this.#visit.push(happened);
    if (this.#visit.length < SESSION_EVENTS) return [...attributes, happened];
    const id = attribute("session_id", `visit ${this.#name}${number}`);
    const whole = addEvents(session("visit", id), this.#visit);
    this.#visit = [];
    return [...attributes, happened, id, whole];
  }
}

/**
 * Stores events of six attributes in sessions of five; each attribute is in twenty events. The part
 * that is asked about is the same in graphs of all sizes, so that answers have the same size; its
 * events lie evenly among the others. `events` is a multiple of a thousand.
 */
export async function storeGraph(
  store: InstanceStore,
  events: number,
  orgids: readonly string[],
): Promise<void> {
  const asked = new Part("asked ", ASKED_EVENTS);
  const others = new Part("", events - ASKED_EVENTS);
  for (let from = 0; from < events; from += BATCH_EVENTS) {
    const batch = new Map<string, Instance>();
    for (let number = from; number < Math.min(from + BATCH_EVENTS, events); number++) {
      const part = number % (events / ASKED_EVENTS) === 0 ? asked : others;
      for (const each of part.next(START + number, orgids)) batch.set(each._hash, each);
    }
    await store.put([...batch.values()]);
  }
}

/** One of the 300 attributes, by number, of the part of a graph that is asked about. */
export function askedAttribute(number: number): Attribute {
  const value = Math.floor(number / KINDS.length) * 7919 % (ASKED_EVENTS / EVENTS_EACH);
  return attributeOf(number % KINDS.length, `asked ${value}`);
}

function valueOf(number: number, kind: number, events: number): number {
  return Math.floor((number * STEPS[kind]! % events) / EVENTS_EACH);
}

function attributeOf(kind: number, value: number | string): Attribute {
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
