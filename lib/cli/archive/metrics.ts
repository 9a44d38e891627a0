import { Rejected } from "../../errors.ts";
import type { ClaimOutcome } from "../../lake/archive_batch.ts";
import type { Claim, LakeStatus } from "../../lake/lake.ts";
import { Counter } from "../../metrics/counter.ts";
import type { Family } from "../../metrics/exposition.ts";
import { gauge, gaugeBy } from "../../metrics/gauge.ts";
import { Histogram } from "../../metrics/histogram.ts";
import type { Job } from "../../worker.ts";
import { WorkCounts } from "../work_counts.ts";

/** Counters of the work of one archive program. */
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
    help: "Entries archived as SUCCESS whose filter could not make an event.",
  });
  readonly #work = new WorkCounts<Claim>({
    prefix: "cybexp_archive",
    claims: "Entries",
    settled: "settled",
    failures: "Failures that the data did not cause: of a claim, a batch, a renewal or an entry.",
  });
  readonly #duration = new Histogram({
    name: "cybexp_archive_entry_duration_seconds",
    help: "Time from an entry's claim to its end.",
  });
  /** Time of each claim, in milliseconds of a clock that cannot be set. */
  readonly #claimTimes = new WeakMap<Claim, number>();

  /** Returns a job that does the same and counts its claims and errors. */
  countJob(job: Job<Claim>): Job<Claim> {
    const counted = this.#work.countJob(job);
    const claim = async (room: number) => {
      const batches = await counted.claim(room);
      for (const claimed of batches.flat()) this.#claimTimes.set(claimed, performance.now());
      return batches;
    };
    return { ...counted, claim };
  }

  countOutcome({ claim, outcome, filtered, error, lost }: ClaimOutcome): void {
    if (lost) return this.#work.countLost();
    this.#entries.add({ outcome: outcome.state });
    const began = this.#claimTimes.get(claim);
    if (began !== undefined) this.#duration.observe((performance.now() - began) / 1000);
    if (outcome.state === "SUCCESS") {
      this.#events.add({}, filtered?.events.length ?? 0);
      if (outcome.events === "rejected") this.#withoutEvents.add();
    } else if (error !== undefined && !(error instanceof Rejected)) this.#work.countFailure(error);
  }

  /** Counts an entry that ended as ERROR without a claim. */
  countSetAside(): void {
    this.#entries.add({ outcome: "ERROR" });
  }

  families(): readonly Family[] {
    const counters = [this.#entries, this.#events, this.#withoutEvents];
    return [
      ...counters.map((counter) => counter.family()),
      ...this.#work.families(),
      this.#duration.family(),
    ];
  }
}

/**
 * Describes the state of the lake, which is the same whichever worker reports it. `now` is in
 * seconds since 1970.
 */
export function lakeFamilies(status: LakeStatus, now: number): readonly Family[] {
  const { counts, oldestWaiting, maxAttempts, leaseOwners, stuck = 0 } = status;
  return [
    gaugeBy(
      { name: "cybexp_lake_entries", help: "Entries in the lake by state." },
      "state",
      counts,
    ),
    gauge({
      name: "cybexp_lake_oldest_unfinished_age_seconds",
      help:
        "How long ago the oldest unfinished entry was uploaded, as it says; 0 if there is none.",
    }, oldestWaiting === null ? 0 : Math.max(0, now - oldestWaiting)),
    gauge({
      name: "cybexp_lake_unfinished_attempts_max",
      help: "Most attempts made at any unfinished entry.",
    }, maxAttempts),
    gauge(
      { name: "cybexp_lake_lease_holders", help: "Workers that hold leases on entries." },
      leaseOwners,
    ),
    gauge({
      name: "cybexp_lake_stuck_entries",
      help: "Unfinished entries that can neither be claimed nor set aside.",
    }, stuck),
  ];
}
