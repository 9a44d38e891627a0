import { deepEqual, equal } from "../../assert.ts";
import { inboxFamilies, ReportMetrics } from "../../../lib/cli/report/metrics.ts";
import { StoreUnavailable } from "../../../lib/errors.ts";
import { writeExposition } from "../../../lib/metrics/exposition.ts";
import { report } from "../../../lib/tahoe/report.ts";
import type { QueryClaim } from "../../../lib/tdql/inbox.ts";
import { QueryError } from "../../../lib/tdql/query_error.ts";
import type { QueryClaimOutcome } from "../../../lib/tdql/query_job.ts";
import { tdql } from "../../../lib/tdql/tdql.ts";
import type { Job } from "../../../lib/worker.ts";
import { readExposition, valueOf } from "../../metrics/read_exposition.ts";

const USERID = "a".repeat(64);
const counted = report("count", 1n, { userid: USERID, timestamp: 1 });

/** Counts the outcome of a query; returns the counters that are above 0 afterwards. */
function countersAfter(qtype: string, outcome: Partial<QueryClaimOutcome>): string[] {
  const { query } = tdql({ qtype, qdata: "", qhash: "b".repeat(64), userid: USERID, timestamp: 1 });
  const claim: QueryClaim = { id: query._hash, owner: "me", attempts: 1, query };
  const metrics = new ReportMetrics();
  metrics.countOutcome({ claim, status: "ready", report: counted, seconds: 0.2, ...outcome });
  const families = [...readExposition(writeExposition(metrics.families())).values()];
  return families.filter(({ type }) => type === "counter")
    .flatMap(({ samples }) => samples)
    .filter(({ value }) => value > 0)
    .map(({ name, labels, value }) => [name, ...Object.values(labels), value].join(" "));
}

const READY = "cybexp_report_queries_total ready";
const FAILED = "cybexp_report_queries_total failed";

const OUTCOMES: [
  what: string,
  qtype: string,
  outcome: Partial<QueryClaimOutcome>,
  counts: string[],
][] = [
  ["an answer", "count", {}, [`${READY} count 1`]],
  ["an answer of another type", "threatrank", {}, [`${READY} threatrank 1`]],
  ["a type that an asker made up, as other", 'x"} 1\n', {}, [`${READY} other 1`]],
  [
    "a wrong question, which is not counted as a failure",
    "related",
    { status: "failed", error: new QueryError("ValidationError", "x") },
    [`${FAILED} related 1`],
  ],
  [
    "a failure that the asker did not cause",
    "related",
    { status: "failed", error: new StoreUnavailable("away") },
    [`${FAILED} related 1`, "cybexp_report_failures_total store_unavailable 1"],
  ],
  [
    "a caller that was notified",
    "count",
    { notified: { sent: true } },
    [`${READY} count 1`, "cybexp_report_notifications_total sent 1"],
  ],
  [
    "a caller that could not be notified",
    "count",
    { notified: { sent: false, reason: "away" } },
    [`${READY} count 1`, "cybexp_report_notifications_total not_sent 1"],
  ],
  ["only the lease if it was lost", "count", { status: "lost" }, [
    "cybexp_report_lost_leases_total 1",
  ]],
];

for (const [what, qtype, outcome, counts] of OUTCOMES) {
  Deno.test(`ReportMetrics counts ${what}`, () => deepEqual(countersAfter(qtype, outcome), counts));
}

Deno.test("ReportMetrics counts the claims and errors of a job", async () => {
  const metrics = new ReportMetrics();
  const reported: unknown[] = [];
  const job = metrics.countJob({
    claim: () => Promise.resolve([[{}], [{}]]),
    onError: (error: unknown) => void reported.push(error),
  } as unknown as Job<QueryClaim>);
  await job.claim(2);
  job.onError("x");
  deepEqual(reported, ["x"]);
  const text = writeExposition(metrics.families());
  equal(valueOf(text, "cybexp_report_attempts_total"), 2);
  equal(valueOf(text, "cybexp_report_failures_total", { cause: "other" }), 1);
});

Deno.test("inboxFamilies describes counts, the age of the oldest query, attempts and leases", () => {
  const counts = { invalid: 1, wait: 2, processing: 3, delayed: 4, ready: 5, failed: 6 };
  const leases = [{ owner: "host/1/abc", queries: 2, until: 200 }];
  const status = { counts, maxAttempts: 9, leases, leaseOwners: 7, oldestWaiting: 60 };
  const text = writeExposition(inboxFamilies(status, 100));
  for (const [status, count] of Object.entries(counts)) {
    equal(valueOf(text, "cybexp_inbox_queries", { status }), count);
  }
  equal(valueOf(text, "cybexp_inbox_oldest_unanswered_age_seconds"), 40);
  equal(valueOf(text, "cybexp_inbox_unanswered_attempts_max"), 9);
  equal(valueOf(text, "cybexp_inbox_lease_holders"), 7);
  const none = writeExposition(inboxFamilies({ ...status, oldestWaiting: null }, 100));
  equal(valueOf(none, "cybexp_inbox_oldest_unanswered_age_seconds"), 0);
});
