import { deepEqual, equal } from "node:assert/strict";
import { inboxFamilies, ReportMetrics } from "../../../lib/cli/report/metrics.ts";
import { StoreUnavailable } from "../../../lib/errors.ts";
import { exposition } from "../../../lib/metrics/exposition.ts";
import { report } from "../../../lib/tahoe/report.ts";
import type { QueryClaim } from "../../../lib/tdql/inbox.ts";
import { QueryError } from "../../../lib/tdql/query_error.ts";
import type { QueryClaimOutcome } from "../../../lib/tdql/query_job.ts";
import { tdql } from "../../../lib/tdql/tdql.ts";
import type { Job } from "../../../lib/worker.ts";
import { readExposition, valueOf } from "../../metrics/read_exposition.ts";

const userid = "a".repeat(64);
const made = report("count", 1n, { userid, timestamp: 1 });

/** The samples above 0 after queries of these types ended so, without the histogram's. */
function afterwards(qtype: string, end: Partial<QueryClaimOutcome>): string[] {
  const { query } = tdql({ qtype, qdata: "", qhash: "b".repeat(64), userid, timestamp: 1 });
  const claim: QueryClaim = { id: query._hash, owner: "me", attempts: 1, query };
  const metrics = new ReportMetrics();
  metrics.ended({ claim, status: "ready", report: made, seconds: 0.2, ...end });
  const families = [...readExposition(exposition(metrics.families())).values()];
  return families.filter(({ type }) => type === "counter")
    .flatMap(({ samples }) => samples)
    .filter(({ value }) => value > 0)
    .map(({ name, labels, value }) => [name, ...Object.values(labels), value].join(" "));
}

const ready = "cybexp_report_queries_total ready";
const failed = "cybexp_report_queries_total failed";

const ends: [what: string, qtype: string, end: Partial<QueryClaimOutcome>, counts: string[]][] = [
  ["an answer", "count", {}, [`${ready} count 1`]],
  ["another type's", "threatrank", {}, [`${ready} threatrank 1`]],
  ["a type an asker made up, without its name", 'x"} 1\n', {}, [`${ready} other 1`]],
  [
    "a wrong question, which is no failure of ours",
    "related",
    { status: "failed", error: new QueryError("ValidationError", "x") },
    [`${failed} related 1`],
  ],
  [
    "a failure of ours",
    "related",
    { status: "failed", error: new StoreUnavailable("away") },
    [`${failed} related 1`, "cybexp_report_failures_total store_unavailable 1"],
  ],
  [
    "a caller that was told",
    "count",
    { notified: { sent: true } },
    [`${ready} count 1`, "cybexp_report_notifications_total sent 1"],
  ],
  [
    "one that could not be told",
    "count",
    { notified: { sent: false, reason: "away" } },
    [`${ready} count 1`, "cybexp_report_notifications_total not_sent 1"],
  ],
  ["a lost lease alone", "count", { status: "lost" }, ["cybexp_report_lost_leases_total 1"]],
];

for (const [what, qtype, end, counts] of ends) {
  Deno.test(`ReportMetrics counts ${what}`, () => deepEqual(afterwards(qtype, end), counts));
}

Deno.test("ReportMetrics counts claims and errors of its job", async () => {
  const metrics = new ReportMetrics();
  const told: unknown[] = [];
  const job = metrics.watched({
    claim: () => Promise.resolve([[{}], [{}]]),
    onError: (error: unknown) => void told.push(error),
  } as unknown as Job<QueryClaim>);
  await job.claim(2);
  job.onError("x");
  deepEqual(told, ["x"]);
  const text = exposition(metrics.families());
  equal(valueOf(text, "cybexp_report_attempts_total"), 2);
  equal(valueOf(text, "cybexp_report_failures_total", { cause: "other" }), 1);
});

Deno.test("inboxFamilies gives counts, the oldest's age, attempts and leases", () => {
  const counts = { invalid: 1, wait: 2, processing: 3, delayed: 4, ready: 5, failed: 6 };
  const leases = [{ owner: "host/1/abc", queries: 2, until: 200 }];
  const status = { counts, maxAttempts: 9, leases, oldestWaiting: 60 };
  const text = exposition(inboxFamilies(status, 100));
  for (const [status, count] of Object.entries(counts)) {
    equal(valueOf(text, "cybexp_inbox_queries", { status }), count);
  }
  equal(valueOf(text, "cybexp_inbox_oldest_unanswered_age_seconds"), 40);
  equal(valueOf(text, "cybexp_inbox_unanswered_attempts_max"), 9);
  equal(valueOf(text, "cybexp_inbox_lease_holders"), 1);
  const none = exposition(inboxFamilies({ ...status, oldestWaiting: null }, 100));
  equal(valueOf(none, "cybexp_inbox_oldest_unanswered_age_seconds"), 0);
});
