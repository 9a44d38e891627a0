import type { Report } from "../tahoe/instance.ts";
import type { Job } from "../worker.ts";
import { type Answer, answer, type AnswerOptions, failure } from "./answer.ts";
import type { Inbox, QueryClaim } from "./inbox.ts";
import { type Notified, notify, type NotifyOptions } from "./notify.ts";
import type { EnvelopeOptions } from "./question.ts";

export type QueryJobOptions = AnswerOptions & EnvelopeOptions & {
  readonly inbox: Inbox;
  /** Who may be told that a query has ended. */
  readonly notifying: NotifyOptions;
  /** Names this worker among all that share the inbox. */
  readonly owner: string;
  /** Seconds for which queries are claimed. */
  readonly lease: number;
  /** Claims of one query after which it is given up. */
  readonly maxAttempts: number;
  /** Told how each query ended. */
  readonly onEnd: (end: QueryClaimOutcome) => void;
  readonly onError: (error: unknown) => void;
};

/** How a claimed query ended; `lost` if another worker has it by now, and nothing was written. */
export type QueryClaimOutcome = {
  readonly claim: QueryClaim;
  readonly status: "ready" | "failed" | "lost";
  readonly report: Report;
  /** Why it failed: see {@link Answer}. */
  readonly error?: unknown;
  readonly notified?: Notified;
  /** From claim to end. */
  readonly seconds: number;
};

/** Answering as a worker's job: each query by itself. */
export function queryJob(options: QueryJobOptions): Job<QueryClaim> {
  const { inbox, owner, lease, now, onEnd, onError } = options;
  return {
    claim: async (room) => {
      const claims = await inbox.claim({ owner, limit: room, lease, now: now() });
      return claims.map((claim) => [claim]);
    },
    // What was given back has killed nobody.
    isSuspect: (claims) => claims.some(({ attempts, reason }) => attempts > 1 && !reason),
    work: async (claims) => {
      for (const claim of claims) onEnd(await end(claim, options));
      return 0;
    },
    renew: async (claims) => {
      await inbox.renew(claims, now() + lease);
    },
    giveBack: (claims, reason) => inbox.giveBack(claims, reason, now()),
    waitForWork: (ms, signal) => inbox.waitForWork(ms, signal),
    onError,
  };
}

/** Answers, stores the report and marks the query, tells the caller: in this order. */
async function end(claim: QueryClaim, options: QueryJobOptions): Promise<QueryClaimOutcome> {
  const { inbox, now } = options;
  const started = now();
  const { status, report, error } = await answerOrGiveUp(claim, options);
  const query = await inbox.finish(claim, { status, report });
  const ended = { claim, report, error, seconds: now() - started };
  if (query === undefined) return { ...ended, status: "lost" };
  const notified = await notify(query.data["socket"]?.[0], options.notifying);
  return { ...ended, status, notified };
}

async function answerOrGiveUp(claim: QueryClaim, options: QueryJobOptions): Promise<Answer> {
  const { query, attempts, reason } = claim;
  if (attempts <= options.maxAttempts) return await answer(query, options);
  const why = `given up after ${options.maxAttempts} attempts: ${reason ?? "the worker died"}`;
  return failure(query, new Error(why), options.now());
}
