import { Rejected } from "../../errors.ts";
import { urlHost } from "../../indicators/url_host.ts";
import type { Child } from "../../tahoe/children.ts";
import type { Category, Event } from "../../tahoe/instance.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { type AttributeDraft, type Draft, isDistinctive } from "./draft.ts";
import { maxSizeOf } from "./draft_size.ts";

/** Characters or bytes of one event: half of the limits of a canonical form and of a document. */
const MAX_EVENT = 8 * 1024 * 1024;

/** The same for all events: 100,000 objects, as many as an upload can contain, take half of it. */
const MAX_EVENTS = 256 * 1024 * 1024;

/** An event to be built. */
export type EventDraft = {
  readonly subType: string;
  readonly children: readonly Draft[];
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  /** `unknown` by default. */
  readonly category?: Category;
  /** What is to be marked with the category. Hosts of URLs are not. */
  readonly marked?: readonly Draft[];
};

/** Builds events from drafts. */
export class EventBuilder {
  readonly #collector: InstanceCollector;
  readonly #built = new Map<Draft, Child>();
  #size = 0;

  constructor(collector: InstanceCollector) {
    this.#collector = collector;
  }

  /**
   * Builds an event, which also holds the hosts of the URLs in it. Undefined, and counted, if the event would be too large to be stored.
   *
   * @throws {Rejected} EVENTS_REJECTED when all events together are far larger than the upload.
   */
  build(draft: EventDraft): Event | undefined {
    const { subType, children, timestamp, category = "unknown", marked = [] } = draft;
    const distinct = [...new Set(children)];
    const size = maxSizeOf(distinct);
    this.#size += size;
    if (this.#size > MAX_EVENTS) {
      throw new Rejected(
        "EVENTS_REJECTED",
        "The same objects are referred to so often that their events would take more than " +
          "256 MiB. Split the upload",
      );
    }
    if (size > MAX_EVENT) {
      this.#collector.skip(`${subType} too large for one event`);
      return undefined;
    }
    const built = this.#buildAll([...distinct, ...hostsOf(distinct)]);
    const context = category === "unknown" ? {} : { [category]: this.#buildMarked(marked) };
    return this.#collector.event(subType, built, { timestamp, category, ...context });
  }

  #buildAll(drafts: readonly Draft[]): readonly Child[] {
    const children = drafts.map((draft) => this.#buildChild(draft));
    return [...new Map(children.map((child) => [child._hash, child])).values()];
  }

  #buildChild(draft: Draft): Child {
    const built = this.#built.get(draft);
    if (built !== undefined) return built;
    const child = "parts" in draft
      ? this.#collector.object(draft.subType, this.#buildAll(draft.parts))
      : this.#collector.attribute(draft.subType, draft.data);
    this.#built.set(draft, child);
    return child;
  }

  /** Children of drafts, and of their parts at any depth, that are distinctive. */
  #buildMarked(drafts: readonly Draft[]): readonly Child[] {
    return this.#buildAll(drafts.filter(isDistinctive).flatMap(withParts).filter(isDistinctive));
  }
}

function withParts(draft: Draft): readonly Draft[] {
  return "parts" in draft ? [draft, ...draft.parts.flatMap(withParts)] : [draft];
}

const HOSTS = new WeakMap<Draft, readonly Draft[]>();

/** The hosts of the URLs in drafts, at any depth, except those that play a role in a relationship. */
function hostsOf(drafts: readonly Draft[]): readonly Draft[] {
  return drafts.flatMap((draft) => {
    if (isEnd(draft)) return [];
    const known = HOSTS.get(draft);
    const hosts = known ?? ("parts" in draft ? hostsOf(draft.parts) : hostOf(draft));
    HOSTS.set(draft, hosts);
    return hosts;
  });
}

function isEnd({ subType }: Draft): boolean {
  return subType === "source" || subType === "target" || subType === "where_sighted";
}

function hostOf({ subType, data }: AttributeDraft): readonly Draft[] {
  const host = subType === "url" ? urlHost(String(data)) : undefined;
  return host === undefined ? [] : [host];
}
