import type { Child } from "../../tahoe/children.ts";
import type { Attribute, Event, TahoeObject } from "../../tahoe/instance.ts";
import type { EventFields, InstanceCollector } from "../instance_collector.ts";
import type { MispEventHeader, MispLabel } from "./core_format.ts";
import { subTypeFor } from "./sub_type.ts";

/** Real events have hundreds at most; a document contains the hash of each child twice. */
const MAX_CHILDREN = 2000;

/** The category of an event, and which of its children are benign or malicious. */
export type ContextFields = Omit<EventFields, "timestamp">;

type MispEventFields = ContextFields & { readonly timestamp: number | undefined };

/** Builds the events of one MISP event, and remembers what its attributes and objects became. */
export class MispEventBuilder {
  readonly collector: InstanceCollector;
  readonly events: Event[] = [];
  readonly #timestamp: number;
  readonly #children = new Map<string, Child>();

  constructor({ timestamp }: MispEventHeader, collector: InstanceCollector) {
    this.collector = collector;
    this.#timestamp = timestamp ?? collector.timestamp;
  }

  /** Adds an event. Without a time of its own it has the time of the MISP event or the upload. */
  event(subType: string, children: readonly Child[], fields: MispEventFields): Event {
    const { timestamp = this.#timestamp, ...context } = fields;
    const event = this.collector.event(subType, this.#limit(children), { timestamp, ...context });
    this.events.push(event);
    return event;
  }

  object(subType: string, children: readonly Child[]): TahoeObject {
    return this.collector.object(subType, this.#limit(children));
  }

  /** Attributes of strings by sub-type; those that are undefined are left out. */
  attributes(strings: { readonly [subType: string]: string | undefined }): readonly Attribute[] {
    return Object.entries(strings).flatMap(([subType, string]) =>
      string === undefined ? [] : [this.collector.attribute(subType, string)]
    );
  }

  /** Attributes of labels: `tag`, `threat_actor`, `mitre_attack_pattern`. */
  labels(labels: readonly MispLabel[]): readonly Attribute[] {
    return labels.map(({ name, value }) => this.collector.attribute(subTypeFor(name), value));
  }

  /** Remembers what a MISP attribute or object became, for references to it. */
  remember(uuid: string | undefined, child: Child): void {
    if (uuid !== undefined) this.#children.set(uuid, child);
  }

  /** What the MISP attribute or object with a UUID became. */
  find(uuid: string | undefined): Child | undefined {
    return uuid === undefined ? undefined : this.#children.get(uuid);
  }

  /** Distinct children, as many as one instance may have; counts the rest. */
  #limit(children: readonly Child[]): readonly Child[] {
    const distinct = [...new Map(children.map((child) => [child._hash, child])).values()];
    const excess = distinct.length - MAX_CHILDREN;
    if (excess > 0) this.collector.skip(`part beyond ${MAX_CHILDREN} of one thing`, excess);
    return distinct.slice(0, MAX_CHILDREN);
  }
}
