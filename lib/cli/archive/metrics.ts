import { Rejected } from "../../errors.ts";
import type { ClaimOutcome } from "../../lake/archive_batch.ts";
import type { Claim, LakeStatus } from "../../lake/lake.ts";
import { Counter } from "../../metrics/counter.ts";
import type { Family } from "../../metrics/exposition.ts";
import { gauge, gaugeBy } from "../../metrics/gauge.ts";
import { Histogram } from "../../metrics/histogram.ts";
import type { Job } from "../../worker.ts";
import { WorkCounts } from "../work_counts.ts";

/** What one archive counts of its work. */
export class ArchiveMetrics {
  readonly #entries = new Counter(
    {
      name: "cybexp_archive_entries_total",
      help: "Claimed entries by how they ended; with RETRY an entry ends more than once.",
    },
    ["SUCCESS", "NOT_SUPPORTED", "ERROR", "RETRY"].map((outcome) => ({ outcome })),
  );
  readonly #events = new Counter({
    name: "cybexp_archive_events_total",
    help: "Events made of archived entries.",
  });
  readonly #withoutEvents = new Counter({
    name: "cybexp_archive_entries_without_events_total",
    help: "Entries archived as SUCCESS of which their filter could make no event.",
  });
  readonly #work = new WorkCounts<Claim>({
    prefix: "cybexp_archive",
    claims: "Entries",
    ended: "settled",
    failures: "Failures that were not the data's: of a claim, a batch, a renewal or an entry.",
  });
  readonly #duration = new Histogram({
    name: "cybexp_archive_entry_duration_seconds",
    help: "Time from an entry's claim to its end.",
  });
  /** When each entry was claimed, in milliseconds of a clock that nobody sets. */
  readonly #claimed = new WeakMap<Claim, number>();

  /** The same job, its claims and errors counted. */
  watched(job: Job<Claim>): Job<Claim> {
    const watched = this.#work.watched(job);
    const claim = async (room: number) => {
      const batches = await watched.claim(room);
      for (const each of batches.flat()) this.#claimed.set(each, performance.now());
      return batches;
    };
    return { ...watched, claim };
  }

  ended({ claim, outcome, filtered, error, lost }: ClaimOutcome): void {
    if (lost) return this.#work.lost();
    this.#entries.add({ outcome: outcome.state });
    const claimed = this.#claimed.get(claim);
    if (claimed !== undefined) this.#duration.observe((performance.now() - claimed) / 1000);
    if (outcome.state === "SUCCESS") {
      this.#events.add({}, filtered?.events.length ?? 0);
      if (outcome.events === "rejected") this.#withoutEvents.add();
    } else if (error !== undefined && !(error instanceof Rejected)) this.#work.failed(error);
  }

  families(): readonly Family[] {
    const counted = [this.#entries, this.#events, this.#withoutEvents];
    return [
      ...counted.map((counter) => counter.family()),
      ...this.#work.families(),
      this.#duration.family(),
    ];
  }
}

/** The lake as it is now; all workers of one lake say the same of it. Seconds since 1970. */
export function lakeFamilies(status: LakeStatus, now: number): readonly Family[] {
  const { counts, oldestWaiting, maxAttempts, leases } = status;
  return [
    gaugeBy("state", "cybexp_lake_entries", "Entries in the lake by state.", counts),
    gauge(
      "cybexp_lake_oldest_unfinished_age_seconds",
      "How long ago the oldest unfinished entry was uploaded, as it says; 0 if there is none.",
      oldestWaiting === null ? 0 : Math.max(0, now - oldestWaiting),
    ),
    gauge(
      "cybexp_lake_unfinished_attempts_max",
      "Most attempts made at any unfinished entry.",
      maxAttempts,
    ),
    gauge("cybexp_lake_lease_holders", "Workers that hold leases on entries.", leases.length),
  ];
}
