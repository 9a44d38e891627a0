import type { Job } from "../worker.ts";
import { archiveBatch, type ArchiveOptions, type ClaimOutcome } from "./archive_batch.ts";
import type { Claim, SetAside } from "./lake.ts";

export type ArchiveJobOptions = ArchiveOptions & {
  /** Name of this worker, unlike that of any other on the same lake. */
  readonly owner: string;
  /** Entries claimed at once. */
  readonly batch: number;
  /** Seconds for which entries are claimed. */
  readonly lease: number;
  /** Called with how each entry ended. */
  readonly onEnd: (ended: ClaimOutcome) => void;
  /** Called with each entry that cannot be claimed. */
  readonly onSetAside: (entry: SetAside) => void;
  readonly onError: (error: unknown) => void;
};

/** Makes a worker's job of archiving: claims entries of the lake and archives them, batch by batch. */
export function archiveJob(options: ArchiveJobOptions): Job<Claim> {
  const { lake, owner, batch, lease, now, onEnd, onSetAside, onError } = options;
  return {
    claim: async () => {
      const claims = await lake.claim({ owner, limit: batch, lease, now: now(), onSetAside });
      return claims.length > 0 ? [claims] : [];
    },
    isSuspect: (claims) => claims.some((claim) => claim.attempts > 1),
    work: async (claims) => {
      let failed = 0;
      for await (const ended of archiveBatch(claims, options)) {
        ended.forEach(onEnd);
        failed += ended.filter(({ outcome }) => outcome.state === "RETRY").length;
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
