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

/** What one report counts of its work. */
export class ReportMetrics {
  readonly #queries = new Counter(
    { name: "cybexp_report_queries_total", help: "Queries by how they ended, and by type." },
    ["ready", "failed"].flatMap((status) => QTYPES.map((qtype) => ({ status, qtype }))),
  );
  readonly #notifications = new Counter(
    {
      name: "cybexp_report_notifications_total",
      help: "Callers of ended queries, by whether they could be told.",
    },
    ["sent", "not_sent"].map((result) => ({ result })),
  );
  readonly #work = new WorkCounts<QueryClaim>({
    prefix: "cybexp_report",
    claims: "Queries",
    ended: "answered",
    failures: "Failures that were not the asker's: of a claim, a renewal or an answer.",
  });
  readonly #duration = new Histogram({
    name: "cybexp_report_query_duration_seconds",
    help: "Time from a query's claim to its end.",
  });

  /** The same job, its claims and errors counted. */
  watched(job: Job<QueryClaim>): Job<QueryClaim> {
    return this.#work.watched(job);
  }

  ended({ claim, status, error, notified, seconds }: QueryClaimOutcome): void {
    if (status === "lost") return this.#work.lost();
    this.#queries.add({ status, qtype: qtypeOf(claim) });
    this.#duration.observe(seconds);
    if (error !== undefined && !(error instanceof QueryError)) this.#work.failed(error);
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

/** Askers may write what they like into their queries: only known types become labels. */
function qtypeOf({ query }: QueryClaim): string {
  const qtype = query.data["qtype"]?.[0];
  return QTYPES.find((known) => known === qtype) ?? "other";
}

/** The inbox as it is now; all workers of one inbox say the same of it. Seconds since 1970. */
export function inboxFamilies(status: InboxStatus, now: number): readonly Family[] {
  const { counts, oldestWaiting, maxAttempts, leases } = status;
  return [
    gaugeBy("status", "cybexp_inbox_queries", "Queries in the inbox by status.", counts),
    gauge(
      "cybexp_inbox_oldest_unanswered_age_seconds",
      "How long ago the oldest unanswered query was asked; 0 if there is none.",
      oldestWaiting === null ? 0 : Math.max(0, now - oldestWaiting),
    ),
    gauge(
      "cybexp_inbox_unanswered_attempts_max",
      "Most attempts made at any unanswered query.",
      maxAttempts,
    ),
    gauge("cybexp_inbox_lease_holders", "Workers that hold leases on queries.", leases.length),
  ];
}
