import { errorMessage, Rejected } from "../errors.ts";
import { attribute } from "../tahoe/attribute.ts";
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
import { merged } from "../tahoe/merged.ts";
import { object } from "../tahoe/object.ts";
import { addEvents, session } from "../tahoe/session.ts";
import type { Scalar } from "../tahoe/value.ts";
import type { FilterResult, UploadSource } from "./filter.ts";

/** How an event is to be seen. */
export type EventFields = {
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly category?: Category;
  readonly benign?: readonly Child[];
  readonly malicious?: readonly Child[];
};

/** What a session document holds beside its data: no part of its hash, the latest stays. */
export type SessionFields = Partial<Pick<Session, "start_time" | "end_time" | "duration">>;

/** Of one upload: to make a million takes a gigabyte, and half a minute in which nothing else goes on. */
const MOST_INSTANCES = 500_000;

type SessionDraft = {
  readonly session: Session;
  readonly events: Set<Event>;
  readonly fields: SessionFields;
};

/** What was made of an upload, to be hashed once: the records of a log have most of it in common. */
type InstanceCache = {
  readonly attributes: Map<string, Map<Scalar, Attribute>>;
  readonly objects: Map<string, TahoeObject>;
  readonly sessions: Map<string, Session>;
};

/**
 * Gathers what a filter makes of one upload. Makers add to it what they make, so that children are
 * there before their parents; what is made twice is one.
 */
export class InstanceCollector {
  readonly #sent: UploadSource;
  readonly #made: InstanceCache;
  readonly #instances = new Map<Hash, Instance>();
  /** What the Raw refers to. */
  readonly #refs = new Set<Hash>();
  readonly #sessions = new Map<Hash, SessionDraft>();
  readonly #rejected: { record: number; reason: string }[] = [];
  readonly #skipped = new Map<string, number>();

  constructor(
    sent: UploadSource,
    made: InstanceCache = { attributes: new Map(), objects: new Map(), sessions: new Map() },
  ) {
    this.#sent = sent;
    this.#made = made;
  }

  /** When the upload was sent, in seconds since 1970. */
  get timestamp(): number {
    return this.#sent.timestamp;
  }

  attribute(subType: string, data: Scalar): Attribute {
    // To a Map 0 and -0 are one key.
    if (typeof data === "number") return this.#add(attribute(subType, data));
    const known = this.#made.attributes.get(subType) ?? new Map<Scalar, Attribute>();
    const made = known.get(data) ?? attribute(subType, data);
    this.#made.attributes.set(subType, known.set(data, made));
    return this.#add(made);
  }

  object(subType: string, children: readonly Child[]): TahoeObject {
    return this.#add(once(this.#made.objects, object, subType, children));
  }

  /** An event of the upload's organisation. */
  event(subType: string, children: readonly Child[], view: EventFields): Event {
    const { timestamp, category = "unknown", benign = [], malicious = [] } = view;
    const { orgid } = this.#sent;
    const plain = event(subType, children, { orgid, timestamp, benign, malicious });
    for (const hash of plain._ref) this.#refs.add(hash);
    this.#refs.add(plain._hash);
    return this.#add(setCategory(plain, category));
  }

  /** A session with events. */
  session(
    subType: string,
    children: readonly Child[],
    events: readonly Event[],
    fields: SessionFields = {},
  ): Session {
    const made = once(this.#made.sessions, session, subType, children);
    this.#refs.add(made._hash);
    this.#gather({ session: made, events: new Set(events), fields });
    return made;
  }

  /** Counts something that was passed over. */
  skip(what: string, times = 1): void {
    this.#skipped.set(what, (this.#skipped.get(what) ?? 0) + times);
  }

  /**
   * Reads records one by one. One that throws is noted with its number, and nothing of it stays.
   * Throws Rejected if none could be read: what a single one threw, else EVENTS_REJECTED.
   */
  records<T>(records: readonly T[], read: (record: T, collector: InstanceCollector) => void): void {
    let first: unknown;
    records.forEach((record, index) => {
      const part = new InstanceCollector(this.#sent, this.#made);
      try {
        read(record, part);
        this.#take(part);
      } catch (error) {
        if (this.#isFull()) throw error;
        first ??= error;
        this.#rejected.push({ record: index + 1, reason: reasonOf(error) });
      }
    });
    if (records.length === 0 || this.#rejected.length < records.length) return;
    if (records.length === 1 && first instanceof Rejected) throw first;
    const reason = records.length === 1
      ? reasonOf(first)
      : `None of ${records.length} records can be read. The first: ${reasonOf(first)}`;
    throw new Rejected("EVENTS_REJECTED", reason, { cause: first });
  }

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

  #take(part: InstanceCollector): void {
    for (const instance of part.#instances.values()) this.#add(instance);
    for (const gathering of part.#sessions.values()) this.#gather(gathering);
    for (const hash of part.#refs) this.#refs.add(hash);
    for (const [what, times] of part.#skipped) this.skip(what, times);
  }

  #gather({ session, events, fields }: SessionDraft): void {
    const present = this.#sessions.get(session._hash) ?? { session, events: new Set(), fields: {} };
    for (const event of events) present.events.add(event);
    const later = { ...present.fields, ...fields };
    this.#sessions.set(session._hash, { ...present, fields: later });
  }

  #isFull(): boolean {
    return this.#instances.size >= MOST_INSTANCES;
  }

  #add<T extends Instance>(instance: T): T {
    if (this.#isFull()) {
      const reason =
        `It makes more than ${MOST_INSTANCES} instances. Split it into several uploads`;
      throw new Rejected("EVENTS_REJECTED", reason);
    }
    const present = this.#instances.get(instance._hash);
    const whole = present === undefined ? instance : merged(present, instance);
    this.#instances.set(instance._hash, whole);
    return whole as T;
  }
}

function reasonOf(error: unknown): string {
  return errorMessage(error);
}

/** What was made of these children before, or is made now. */
function once<T>(
  known: Map<string, T>,
  make: (subType: string, children: readonly Child[]) => T,
  subType: string,
  children: readonly Child[],
): T {
  let key = subType;
  for (const { _hash } of children) key += ` ${_hash}`;
  const made = known.get(key) ?? make(subType, children);
  known.set(key, made);
  return made;
}
