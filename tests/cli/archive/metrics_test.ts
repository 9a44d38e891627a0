import { deepEqual, equal, ok } from "node:assert/strict";
import { ArchiveMetrics, lakeFamilies } from "../../../lib/cli/archive/metrics.ts";
import { Rejected, StoreUnavailable } from "../../../lib/errors.ts";
import type { ClaimOutcome } from "../../../lib/lake/archive_batch.ts";
import type { Claim } from "../../../lib/lake/lake.ts";
import { exposition } from "../../../lib/metrics/exposition.ts";
import { sleep } from "../../../lib/sleep.ts";
import type { Job } from "../../../lib/worker.ts";
import { readExposition, valueOf } from "../../metrics/read_exposition.ts";

const claim: Claim = { id: "1", owner: "me", attempts: 1, entry: { orgid: "secret.example.com" } };
const ref = "a".repeat(64);

/** The samples above 0 after an entry ended so, without the histogram's. */
function afterwards(end: Omit<ClaimOutcome, "claim">): string[] {
  const metrics = new ArchiveMetrics();
  metrics.ended({ claim, ...end });
  const families = [...readExposition(exposition(metrics.families())).values()];
  return families.filter(({ type }) => type === "counter")
    .flatMap(({ samples }) => samples)
    .filter(({ value }) => value > 0)
    .map(({ name, labels, value }) => [name, ...Object.values(labels), value].join(" "));
}

const lost = false;
const retry = { state: "RETRY", reason: "away", notBefore: 1 } as const;
const failed = { state: "ERROR", reason: "bad" } as const;
const entries = "cybexp_archive_entries_total";
const failures = "cybexp_archive_failures_total";

const ends: [what: string, end: Omit<ClaimOutcome, "claim">, counts: string[]][] = [
  ["an archived entry", { outcome: { state: "SUCCESS", ref }, lost }, [`${entries} SUCCESS 1`]],
  [
    "one without its events",
    { outcome: { state: "SUCCESS", ref, events: "rejected", reason: "x" }, lost },
    [`${entries} SUCCESS 1`, "cybexp_archive_entries_without_events_total 1"],
  ],
  [
    "an unsupported one",
    { outcome: { state: "NOT_SUPPORTED", reason: "x" }, lost },
    [`${entries} NOT_SUPPORTED 1`],
  ],
  [
    "a damaged one, which is no failure of ours",
    { outcome: failed, error: new Rejected("FILE_CORRUPT", "bad"), lost },
    [`${entries} ERROR 1`],
  ],
  [
    "one that is given up",
    { outcome: failed, error: new Error("bug"), lost },
    [`${entries} ERROR 1`, `${failures} other 1`],
  ],
  [
    "one that a database could not take",
    { outcome: retry, error: new StoreUnavailable("away"), lost },
    [`${entries} RETRY 1`, `${failures} store_unavailable 1`],
  ],
  [
    "a lost lease alone",
    { outcome: retry, error: new Error("x"), lost: true },
    ["cybexp_archive_lost_leases_total 1"],
  ],
];

for (const [what, end, counts] of ends) {
  Deno.test(`ArchiveMetrics counts ${what}`, () => deepEqual(afterwards(end), counts));
}

Deno.test("ArchiveMetrics counts claims and errors of its job, and the time to the end", async () => {
  const metrics = new ArchiveMetrics();
  const told: unknown[] = [];
  const job = metrics.watched({
    claim: () => Promise.resolve([[claim]]),
    onError: (error: unknown) => void told.push(error),
  } as unknown as Job<Claim>);
  const [[claimed] = []] = await job.claim(1);
  await sleep(30, new AbortController().signal);
  metrics.ended({ claim: claimed!, outcome: { state: "SUCCESS", ref }, lost });
  const error = new StoreUnavailable("away");
  job.onError(error);
  deepEqual(told, [error]);
  const text = exposition(metrics.families());
  equal(valueOf(text, "cybexp_archive_attempts_total"), 1);
  equal(valueOf(text, "cybexp_archive_failures_total", { cause: "store_unavailable" }), 1);
  equal(valueOf(text, "cybexp_archive_entry_duration_seconds_count"), 1);
  const sum = valueOf(text, "cybexp_archive_entry_duration_seconds_sum")!;
  ok(sum >= 0.029 && sum < 5, `${sum}`);
  equal(text.includes("secret"), false);
});

Deno.test("lakeFamilies gives counts, the oldest's age, attempts and leases", () => {
  const counts = { WAITING: 1, CLAIMED: 2, DELAYED: 3, SUCCESS: 4, NOT_SUPPORTED: 5, ERROR: 6 };
  const status = {
    counts,
    rejectedEvents: 0,
    maxAttempts: 9,
    leases: [{ owner: "host/1/abc", entries: 2, until: 200 }],
  };
  const text = exposition(lakeFamilies({ ...status, oldestWaiting: 60 }, 100));
  for (const [state, count] of Object.entries(counts)) {
    equal(valueOf(text, "cybexp_lake_entries", { state }), count);
  }
  equal(valueOf(text, "cybexp_lake_oldest_unfinished_age_seconds"), 40);
  equal(valueOf(text, "cybexp_lake_unfinished_attempts_max"), 9);
  equal(valueOf(text, "cybexp_lake_lease_holders"), 1);
  for (const oldestWaiting of [null, 101]) {
    const text = exposition(lakeFamilies({ ...status, oldestWaiting }, 100));
    equal(valueOf(text, "cybexp_lake_oldest_unfinished_age_seconds"), 0);
  }
});
