import { errorMessage, Rejected } from "../errors.ts";
import type { Child } from "../tahoe/children.ts";
import { event, setCategory } from "../tahoe/event.ts";
import type {
  Attribute,
  Category,
  Event,
  Hash,
  Instance,
  Session,
  TahoeObject,
} from "../tahoe/instance.ts";
import { mergeInstance } from "../tahoe/merge.ts";
import { addEvents } from "../tahoe/session.ts";
import type { Scalar } from "../tahoe/value.ts";
import type { FilterResult, UploadSource } from "./filter.ts";
import { InstanceCache } from "./instance_cache.ts";
import { countReasons, listReasons } from "./reasons.ts";

/** What an event has besides its children: its time, category and contexts. */
export type EventFields = {
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly category?: Category;
  readonly benign?: readonly Child[];
  readonly malicious?: readonly Child[];
};

/** Fields of a session that are not part of its hash; the latest value stays. */
export type SessionFields = Partial<Pick<Session, "start_time" | "end_time" | "duration">>;

/** Instances per upload. A million take 1 GB of memory and block the program for half a minute. */
const MAX_INSTANCES = 500_000;

type CollectedSession = {
  readonly session: Session;
  readonly events: Set<Event>;
  readonly fields: SessionFields;
};

/**
 * Collects the instances that a filter makes of one upload. Equal instances are merged into one,
 * and children come before their parents, because a parent is made from children that were added.
 *
 * @example A filter of one event for each record
 * ```ts
 * const collector = new InstanceCollector(source);
 * collector.readRecords(splitRecords(data), (record, collector) => {
 *   const ip = collector.attribute("ipv4", stringField(parseFields(record), "attacker"));
 *   const { timestamp } = collector;
 *   collector.event("sighting", [ip], { timestamp, category: "malicious", malicious: [ip] });
 * });
 * return collector.result();
 * ```
 */
export class InstanceCollector {
  readonly #source: UploadSource;
  readonly #cache: InstanceCache;
  readonly #instances = new Map<Hash, Instance>();
  /** What the Raw refers to. */
  readonly #refs = new Set<Hash>();
  readonly #sessions = new Map<Hash, CollectedSession>();
  readonly #rejected: { record: number; reason: string }[] = [];
  readonly #skipped = new Map<string, number>();

  constructor(source: UploadSource, cache: InstanceCache = new InstanceCache()) {
    this.#source = source;
    this.#cache = cache;
  }

  /** The time at which the upload was sent, in seconds since 1970, UTC. */
  get timestamp(): number {
    return this.#source.timestamp;
  }

  /** Adds an attribute. */
  attribute(subType: string, data: Scalar): Attribute {
    return this.#add(this.#cache.attribute(subType, data));
  }

  /** Adds an object of children that were added before. */
  object(subType: string, children: readonly Child[]): TahoeObject {
    return this.#add(this.#cache.object(subType, children));
  }

  /** Adds an event of the organisation that sent the upload. */
  event(subType: string, children: readonly Child[], fields: EventFields): Event {
    const { timestamp, category = "unknown", benign = [], malicious = [] } = fields;
    const { orgid } = this.#source;
    const unclassified = event(subType, children, { orgid, timestamp, benign, malicious });
    for (const hash of unclassified._ref) this.#refs.add(hash);
    this.#refs.add(unclassified._hash);
    return this.#add(setCategory(unclassified, category));
  }

  /** Adds a session with events; if it is already there, adds the events to it. */
  session(subType: string, children: readonly Child[], events: readonly Event[]): Session {
    const session = this.#cache.session(subType, children);
    this.#refs.add(session._hash);
    this.#addSession({ session, events: new Set(events), fields: {} });
    return session;
  }

  /** Sets fields of a session that was added before; fields set earlier are replaced. */
  setSessionFields(session: Session, fields: SessionFields): void {
    this.#addSession({ session, events: new Set(), fields });
  }

  /** Counts something that was skipped, under a name that is stored and shown to the user. */
  skip(what: string, times = 1): void {
    this.#skipped.set(what, (this.#skipped.get(what) ?? 0) + times);
  }

  /** Notes a record that could not be read, by its number from 1. */
  reject(record: number, reason: string): void {
    this.#rejected.push({ record, reason });
  }

  /**
   * Reads records one by one. If `read` throws, the record's number and the reason are kept, and
   * nothing that was made of the record.
   *
   * @throws {Rejected} EVENTS_REJECTED when none of the records can be read or the upload makes too
   * many instances. For an upload of one record, the Rejected that `read` threw, with its code.
   */
  readRecords<T>(
    records: readonly T[],
    read: (record: T, collector: InstanceCollector) => void,
  ): void {
    let first: unknown;
    records.forEach((record, index) => {
      const part = new InstanceCollector(this.#source, this.#cache);
      try {
        read(record, part);
        this.#addAll(part);
      } catch (error) {
        if (this.#isFull()) throw error;
        first ??= error;
        this.#rejected.push({ record: index + 1, reason: errorMessage(error) });
      }
    });
    if (records.length === 0 || this.#rejected.length < records.length) return;
    throw noneReadable(this.#rejected, first);
  }

  /** Everything that was collected. */
  result(): FilterResult {
    const sessions = [...this.#sessions.values()].map(({ session, events, fields }) => ({
      ...addEvents(session, [...events]),
      ...fields,
    }));
    const instances = [...this.#instances.values()];
    return {
      instances: [...instances, ...sessions],
      refs: [...this.#refs],
      events: instances.filter((instance) => instance.itype === "event"),
      rejected: this.#rejected,
      skipped: Object.fromEntries(this.#skipped),
    };
  }

  #addAll(part: InstanceCollector): void {
    for (const instance of part.#instances.values()) this.#add(instance);
    for (const session of part.#sessions.values()) this.#addSession(session);
    for (const hash of part.#refs) this.#refs.add(hash);
    for (const [what, times] of part.#skipped) this.skip(what, times);
  }

  #addSession({ session, events, fields }: CollectedSession): void {
    const present = this.#sessions.get(session._hash) ?? { session, events: new Set(), fields: {} };
    for (const event of events) present.events.add(event);
    const latest = { ...present.fields, ...fields };
    this.#sessions.set(session._hash, { ...present, fields: latest });
  }

  #isFull(): boolean {
    return this.#instances.size >= MAX_INSTANCES;
  }

  #add<T extends Instance>(instance: T): T {
    if (this.#isFull()) {
      throw new Rejected(
        "EVENTS_REJECTED",
        `The upload makes more than ${MAX_INSTANCES} instances. Split it into several uploads`,
      );
    }
    const present = this.#instances.get(instance._hash);
    const whole = present === undefined ? instance : mergeInstance(present, instance);
    this.#instances.set(instance._hash, whole);
    return whole as T;
  }
}

/** The error for an upload of which no record can be read; `first` is what the first one threw. */
function noneReadable(rejected: FilterResult["rejected"], first: unknown): Rejected {
  if (rejected.length === 1 && first instanceof Rejected) return first;
  const reason = rejected.length === 1
    ? errorMessage(first)
    : `None of ${rejected.length} records can be read: ${listReasons(countReasons(rejected))}`;
  return new Rejected("EVENTS_REJECTED", reason, { cause: first });
}
