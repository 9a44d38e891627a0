import type { Hash } from "../tahoe/instance.ts";
import type { ResidentQuestion, ResidentRanks } from "./resident_ranks.ts";
import type { ThreatRank, ThreatRankLimits } from "./threatrank.ts";

/** Loads what lies within an event's reach, and ranks it. */
export type LoadAndRank = (limits: ThreatRankLimits) => Promise<ThreatRank | undefined>;

/**
 * Neighbourhoods that are loaded before a copy of the graph is read for them: at most so many
 * events and edges each (0.2 s on an idle machine), and so many milliseconds for all of them.
 */
const SMALL = { maxEvents: 3000, maxEdges: 30_000 };
const PATIENCE = 2000;

/** Decides whether ranks come from memory. */
export class RankMemory {
  readonly #ranks: ResidentRanks;
  readonly #build: (() => Promise<unknown>) | undefined;
  #building: Promise<unknown> | undefined;
  #spent = 0;

  /** `build` reads the copy once it is needed; without it, somebody else does so in time. */
  constructor(ranks: ResidentRanks, build?: () => Promise<unknown>) {
    this.#ranks = ranks;
    this.#build = build;
  }

  /** Ranks from memory; where there is no copy, and none is worth its time, by `load`. */
  async rank(
    hash: Hash,
    question: ResidentQuestion & { readonly limits: ThreatRankLimits },
    load: LoadAndRank,
  ): Promise<ThreatRank | undefined> {
    const { limits } = question;
    if (this.#build !== undefined && this.#building === undefined) {
      const found = await this.#loadSmall(limits, load);
      if (found !== undefined) return found.rank;
    }
    await (this.#building ??= this.#build?.());
    const kept = await this.#ranks.rank(hash, question);
    return kept === undefined ? await load(limits) : kept.found;
  }

  /** Undefined if the neighbourhood is too large. */
  async #loadSmall(
    limits: ThreatRankLimits,
    load: LoadAndRank,
  ): Promise<{ readonly rank: ThreatRank | undefined } | undefined> {
    if (this.#spent >= PATIENCE) return undefined;
    const start = performance.now();
    const rank = await load({
      ...limits,
      maxEvents: Math.min(limits.maxEvents, SMALL.maxEvents),
      maxEdges: Math.min(limits.maxEdges, SMALL.maxEdges),
    });
    this.#spent += performance.now() - start;
    const isWhole = rank?.flags.every((flag) => flag === "evidence_cut") ?? true;
    return isWhole ? { rank } : undefined;
  }
}
