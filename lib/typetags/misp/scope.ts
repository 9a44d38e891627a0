import type { Child } from "../../tahoe/children.ts";
import type { Event } from "../../tahoe/instance.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import type { EventFields, InstanceCollector } from "../instance_collector.ts";
import { readTime } from "../time.ts";
import { textOf, timeOf } from "./fields.ts";

/** Real ones have hundreds at most; a document has to hold each child's hash twice. */
const MAX_CHILDREN = 2000;

/** Reading one MISP event: what it became so far. */
export class Scope {
  readonly collector: InstanceCollector;
  /** Of what has no time of its own. Seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly events: Event[] = [];
  readonly #children = new Map<string, Child>();

  /** `event` holds the fields of the MISP event, if they are known. */
  constructor(event: Fields, collector: InstanceCollector) {
    this.collector = collector;
    const day = readTime(textOf(event["date"]) ?? "");
    this.timestamp = timeOf(event["timestamp"]) ?? day ?? collector.timestamp;
  }

  /** Makes an event of the children, as far as it can hold them. */
  event(subType: string, children: readonly Child[], view: EventFields): Event {
    const event = this.collector.event(subType, bounded(children, this.collector), view);
    this.events.push(event);
    return event;
  }

  /** Keeps what a MISP attribute or object became, for references to it. */
  remember(fields: Fields, child: Child): void {
    const uuid = uuidOf(fields["uuid"]);
    if (uuid !== undefined) this.#children.set(uuid, child);
  }

  /** What the attribute or object of that UUID became. */
  recall(uuid: Value | undefined): Child | undefined {
    return this.#children.get(uuidOf(uuid) ?? "");
  }
}

/** The children, each once, that one instance can hold; counts the others. */
export function bounded(
  children: readonly Child[],
  collector: InstanceCollector,
): readonly Child[] {
  const distinct = [...new Map(children.map((child) => [child._hash, child])).values()];
  const more = distinct.length - MAX_CHILDREN;
  if (more > 0) collector.skip(`part beyond ${MAX_CHILDREN} of one thing`, more);
  return distinct.slice(0, MAX_CHILDREN);
}

/** A UUID as MISP compares them: in lower case. */
export function uuidOf(value: Value | undefined): string | undefined {
  return textOf(value)?.toLowerCase();
}
