import { Counter } from "../../metrics/counter.ts";
import type { Family } from "../../metrics/exposition.ts";
import { gauge, gaugeBy } from "../../metrics/gauge.ts";
import { Histogram } from "../../metrics/histogram.ts";
import type { InboxStatus, QueryClaim } from "../../tdql/inbox.ts";
import type { QueryClaimOutcome } from "../../tdql/query_job.ts";
import { QueryError } from "../../tdql/query_error.ts";
import type { Job } from "../../worker.ts";
import { WorkCounts } from "../work_counts.ts";

const QTYPES = ["count", "related", "threatrank", "other"];

/** Counters of the work of one report program. */
export class ReportMetrics {
  readonly #queries = new Counter(
    { name: "cybexp_report_queries_total", help: "Queries by how they ended, and by type." },
    ["ready", "failed"].flatMap((status) => QTYPES.map((qtype) => ({ status, qtype }))),
  );
  readonly #notifications = new Counter(
    {
      name: "cybexp_report_notifications_total",
      help: "Callers of ended queries, by whether they were notified.",
    },
    ["sent", "not_sent"].map((result) => ({ result })),
  );
  readonly #work = new WorkCounts<QueryClaim>({
    prefix: "cybexp_report",
    claims: "Queries",
    settled: "answered",
    failures: "Failures that the asker did not cause: of a claim, a renewal or an answer.",
  });
  readonly #duration = new Histogram({
    name: "cybexp_report_query_duration_seconds",
    help: "Time from a query's claim to its end.",
  });

  /** Returns a job that does the same and counts its claims and errors. */
  countJob(job: Job<QueryClaim>): Job<QueryClaim> {
    return this.#work.countJob(job);
  }

  countOutcome({ claim, status, error, notified, seconds }: QueryClaimOutcome): void {
    if (status === "lost") return this.#work.countLost();
    this.#queries.add({ status, qtype: qtypeOf(claim) });
    this.#duration.observe(seconds);
    if (error !== undefined && !(error instanceof QueryError)) this.#work.countFailure(error);
    if (notified !== undefined) {
      this.#notifications.add({ result: notified.sent ? "sent" : "not_sent" });
    }
  }

  families(): readonly Family[] {
    return [
      this.#queries.family(),
      this.#notifications.family(),
      ...this.#work.families(),
      this.#duration.family(),
    ];
  }
}

/**
 * Returns the type of a query as a label. Askers may write anything, so unknown types are "other".
 */
function qtypeOf({ query }: QueryClaim): string {
  const qtype = query.data["qtype"]?.[0];
  return QTYPES.find((known) => known === qtype) ?? "other";
}

/**
 * Describes the state of the inbox, which is the same whichever worker reports it. `now` is in
 * seconds since 1970.
 */
export function inboxFamilies(status: InboxStatus, now: number): readonly Family[] {
  const { counts, oldestWaiting, maxAttempts, leaseOwners, quarantined = 0 } = status;
  return [
    gaugeBy(
      { name: "cybexp_inbox_queries", help: "Queries in the inbox by status." },
      "status",
      counts,
    ),
    gauge({
      name: "cybexp_inbox_oldest_unanswered_age_seconds",
      help: "How long ago the oldest unanswered query was asked; 0 if there is none.",
    }, oldestWaiting === null ? 0 : Math.max(0, now - oldestWaiting)),
    gauge({
      name: "cybexp_inbox_unanswered_attempts_max",
      help: "Most attempts made at any unanswered query.",
    }, maxAttempts),
    gauge(
      { name: "cybexp_inbox_lease_holders", help: "Workers that hold leases on queries." },
      leaseOwners,
    ),
    gauge({
      name: "cybexp_inbox_quarantined_queries",
      help: "Queries to which no report can be tied.",
    }, quarantined),
  ];
}
