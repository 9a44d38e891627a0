import type { Job } from "../worker.ts";
import { archiveBatch, type ArchiveOptions, type ClaimOutcome } from "./archive_batch.ts";
import type { Claim } from "./lake.ts";

export type ArchiveJobOptions = ArchiveOptions & {
  /** Names this worker among all that share the lake. */
  readonly owner: string;
  /** Entries claimed at once. */
  readonly batch: number;
  /** Seconds for which entries are claimed. */
  readonly lease: number;
  /** Told how each entry ended. */
  readonly onEnd: (end: ClaimOutcome) => void;
  readonly onError: (error: unknown) => void;
};

/** Archiving as a worker's job: what the lake holds, batch by batch. */
export function archiveJob(options: ArchiveJobOptions): Job<Claim> {
  const { lake, owner, batch, lease, now, onEnd, onError } = options;
  return {
    claim: async () => {
      const claims = await lake.claim({ owner, limit: batch, lease, now: now() });
      return claims.length > 0 ? [claims] : [];
    },
    isSuspect: (claims) => claims.some((claim) => claim.attempts > 1),
    work: async (claims) => {
      let failed = 0;
      for await (const ends of archiveBatch(claims, options)) {
        ends.forEach(onEnd);
        failed += ends.filter(({ outcome }) => outcome.state === "RETRY").length;
      }
      return failed;
    },
    renew: async (claims) => {
      await lake.renew(claims, now() + lease);
    },
    giveBack: async (claims, reason) => {
      const outcome = { state: "RETRY", reason, notBefore: now() } as const;
      await lake.settle(claims.map((claim) => ({ claim, outcome })));
    },
    waitForWork: (ms, signal) => lake.waitForWork(ms, signal),
    onError,
  };
}
