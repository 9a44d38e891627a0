import { deepEqual, equal, ok } from "../../assert.ts";
import { ArchiveMetrics, lakeFamilies } from "../../../lib/cli/archive/metrics.ts";
import { Rejected, StoreUnavailable } from "../../../lib/errors.ts";
import type { ClaimOutcome } from "../../../lib/lake/archive_batch.ts";
import type { Claim } from "../../../lib/lake/lake.ts";
import { writeExposition } from "../../../lib/metrics/exposition.ts";
import { sleep } from "../../../lib/sleep.ts";
import type { Job } from "../../../lib/worker.ts";
import { readExposition, valueOf } from "../../metrics/read_exposition.ts";

const CLAIM: Claim = { id: "1", owner: "me", attempts: 1, entry: { orgid: "secret.example.com" } };
const REF = "a".repeat(64);

/** Counts an outcome; returns the counters that are above 0 afterwards. */
function countersAfter(outcome: Omit<ClaimOutcome, "claim">): string[] {
  const metrics = new ArchiveMetrics();
  metrics.countOutcome({ claim: CLAIM, ...outcome });
  const families = [...readExposition(writeExposition(metrics.families())).values()];
  return families.filter(({ type }) => type === "counter")
    .flatMap(({ samples }) => samples)
    .filter(({ value }) => value > 0)
    .map(({ name, labels, value }) => [name, ...Object.values(labels), value].join(" "));
}

const RETRY = { state: "RETRY", reason: "away", notBefore: 1 } as const;
const FAILED = { state: "ERROR", reason: "bad" } as const;
const ENTRIES = "cybexp_archive_entries_total";
const FAILURES = "cybexp_archive_failures_total";

const OUTCOMES: [what: string, outcome: Omit<ClaimOutcome, "claim">, counts: string[]][] = [
  ["an archived entry", { outcome: { state: "SUCCESS", ref: REF }, lost: false }, [
    `${ENTRIES} SUCCESS 1`,
  ]],
  [
    "an entry archived without its events",
    { outcome: { state: "SUCCESS", ref: REF, events: "rejected", reason: "x" }, lost: false },
    [`${ENTRIES} SUCCESS 1`, "cybexp_archive_entries_without_events_total 1"],
  ],
  [
    "an unsupported entry",
    { outcome: { state: "NOT_SUPPORTED", reason: "x" }, lost: false },
    [`${ENTRIES} NOT_SUPPORTED 1`],
  ],
  [
    "a damaged entry, which is not counted as a failure",
    { outcome: FAILED, error: new Rejected("FILE_CORRUPT", "bad"), lost: false },
    [`${ENTRIES} ERROR 1`],
  ],
  [
    "an entry after its last attempt",
    { outcome: FAILED, error: new Error("bug"), lost: false },
    [`${ENTRIES} ERROR 1`, `${FAILURES} other 1`],
  ],
  [
    "an entry that a database could not store",
    { outcome: RETRY, error: new StoreUnavailable("away"), lost: false },
    [`${ENTRIES} RETRY 1`, `${FAILURES} store_unavailable 1`],
  ],
  [
    "only the lease if it was lost",
    { outcome: RETRY, error: new Error("x"), lost: true },
    ["cybexp_archive_lost_leases_total 1"],
  ],
];

for (const [what, outcome, counts] of OUTCOMES) {
  Deno.test(`ArchiveMetrics counts ${what}`, () => deepEqual(countersAfter(outcome), counts));
}

Deno.test("ArchiveMetrics counts the claims and errors of a job, and the time to the outcome", async () => {
  const metrics = new ArchiveMetrics();
  const reported: unknown[] = [];
  const job = metrics.countJob({
    claim: () => Promise.resolve([[CLAIM]]),
    onError: (error: unknown) => void reported.push(error),
  } as unknown as Job<Claim>);
  const [[claimed] = []] = await job.claim(1);
  await sleep(30, new AbortController().signal);
  metrics.countOutcome({ claim: claimed!, outcome: { state: "SUCCESS", ref: REF }, lost: false });
  const error = new StoreUnavailable("away");
  job.onError(error);
  deepEqual(reported, [error]);
  const text = writeExposition(metrics.families());
  equal(valueOf(text, "cybexp_archive_attempts_total"), 1);
  equal(valueOf(text, "cybexp_archive_failures_total", { cause: "store_unavailable" }), 1);
  equal(valueOf(text, "cybexp_archive_entry_duration_seconds_count"), 1);
  const sum = valueOf(text, "cybexp_archive_entry_duration_seconds_sum")!;
  ok(sum >= 0.029 && sum < 5, String(sum));
  equal(text.includes("secret"), false);
});

Deno.test("lakeFamilies describes counts, the age of the oldest entry, attempts and leases", () => {
  const counts = { WAITING: 1, CLAIMED: 2, DELAYED: 3, SUCCESS: 4, NOT_SUPPORTED: 5, ERROR: 6 };
  const status = {
    counts,
    rejectedEvents: 0,
    maxAttempts: 9,
    leases: [{ owner: "host/1/abc", entries: 2, until: 200 }],
    leaseOwners: 7,
  };
  const text = writeExposition(lakeFamilies({ ...status, oldestWaiting: 60 }, 100));
  for (const [state, count] of Object.entries(counts)) {
    equal(valueOf(text, "cybexp_lake_entries", { state }), count);
  }
  equal(valueOf(text, "cybexp_lake_oldest_unfinished_age_seconds"), 40);
  equal(valueOf(text, "cybexp_lake_unfinished_attempts_max"), 9);
  equal(valueOf(text, "cybexp_lake_lease_holders"), 7);
  for (const oldestWaiting of [null, 101]) {
    const text = writeExposition(lakeFamilies({ ...status, oldestWaiting }, 100));
    equal(valueOf(text, "cybexp_lake_oldest_unfinished_age_seconds"), 0);
  }
});
