import type { Child } from "../../tahoe/children.ts";
import type { Hash } from "../../tahoe/instance.ts";
import type { Part } from "./part.ts";
import type { Plan } from "./plan.ts";
import type { AnySource } from "./selection.ts";

/** A Raw of which sources were forgotten. */
export type ForgottenRaw = {
  readonly raw: Hash;
  readonly typetag: string;
  readonly sources: readonly AnySource[];
  /** Number of events that leave the Raw; in an archive that goes on, those of its last step. */
  readonly events: number;
  /** Others sent the same data: the Raw stays. */
  readonly isShared: boolean;
};

/** What went, in numbers. */
export type Forgotten = {
  /** Uploads whose data was taken back: sources of Raws. */
  uploads: number;
  raws: number;
  /** Raws that stay because others sent the same data. */
  rawsKept: number;
  events: number;
  sessions: number;
  objects: number;
  attributes: number;
  /** Events that stay because other uploads brought them as well. */
  eventsKept: number;
  /** Uploads left alone because a time was asked for and nobody knows when they were sent. */
  untimed: number;
  /** What belonged to Raws that went, cannot be read, and stays; missing if there is none. */
  damaged?: number;
  /** False if a dry run was too large to be exact: more may go than it says. */
  exact: boolean;
};

/** Counts what plans take out. */
export class Tally {
  readonly sum: Forgotten = {
    uploads: 0,
    raws: 0,
    rawsKept: 0,
    events: 0,
    sessions: 0,
    objects: 0,
    attributes: 0,
    eventsKept: 0,
    untimed: 0,
    exact: true,
  };
  readonly #eventsKept = new Set<Hash>();
  readonly #damaged = new Set<Hash>();
  readonly #forgot: (raw: ForgottenRaw) => void;

  /** `forgot` is called for each Raw of which sources are gone. */
  constructor(forgot: (raw: ForgottenRaw) => void) {
    this.#forgot = forgot;
  }

  add({ parts, tops, orphans, shared }: Plan): void {
    const { sum } = this;
    for (const part of parts) this.#addPart(part);
    for (const { top } of shared) if (top.itype === "event") this.#eventsKept.add(top._hash);
    for (const { _hash, itype } of tops) {
      sum[`${itype}s`]++;
      this.#eventsKept.delete(_hash);
    }
    for (const { itype } of orphans) sum[`${itype}s`]++;
    sum.eventsKept = this.#eventsKept.size;
    for (const { damaged } of parts) for (const hash of damaged) this.#damaged.add(hash);
    if (this.#damaged.size > 0) sum.damaged = this.#damaged.size;
  }

  /** Takes attributes and objects off that were put back. */
  subtract(children: readonly Child[]): void {
    for (const { itype } of children) this.sum[`${itype}s`]--;
  }

  #addPart({ raw, after, leaving, gone, isLast }: Part): void {
    if (!isLast) return;
    const isShared = after !== undefined;
    this.sum.uploads += gone.length;
    if (isShared) this.sum.rawsKept++;
    else this.sum.raws++;
    const events = leaving.filter(({ itype }) => itype === "event").length;
    this.#forgot({ raw: raw._hash, typetag: raw.sub_type, sources: gone, events, isShared });
  }
}
