import type { Report } from "../tahoe/instance.ts";
import type { Job } from "../worker.ts";
import { type Answer, answer, type AnswerOptions, failedAnswer } from "./answer.ts";
import type { Inbox, QueryClaim, SetAsideQuery } from "./inbox.ts";
import { notify, type NotifyOptions, type NotifyResult } from "./notify.ts";
import { QueryError } from "./query_error.ts";
import type { EnvelopeOptions } from "./question.ts";

export type QueryJobOptions = AnswerOptions & EnvelopeOptions & {
  readonly inbox: Inbox;
  /** Which callers may be notified that their query has ended. */
  readonly notifyOptions: NotifyOptions;
  /** Name of this worker, unique among all that share the inbox. */
  readonly owner: string;
  /** Seconds for which a claim holds. */
  readonly lease: number;
  /** Most attempts to answer a query; after these, it fails. */
  readonly maxAttempts: number;
  /** Called with the outcome of each claim. */
  readonly onEnd: (outcome: QueryClaimOutcome) => void;
  /** Called with each query to which no report can be tied. */
  readonly onSetAside: (query: SetAsideQuery) => void;
  readonly onError: (error: unknown) => void;
};

/** Outcome of a claim; `lost` if another worker took over the query, and nothing was written. */
export type QueryClaimOutcome = {
  readonly claim: QueryClaim;
  readonly status: "ready" | "failed" | "lost";
  readonly report: Report;
  /** Cause of a failure: see {@link Answer}. */
  readonly error?: unknown;
  readonly notified?: NotifyResult;
  /** Time from claim to end. */
  readonly seconds: number;
};

/** Most damaged queries in hand: the others find room, and little that keeps the machine busy. */
const MAX_DAMAGED = 8;

/** Makes the job that answers queries, each in a batch of its own. */
export function queryJob(options: QueryJobOptions): Job<QueryClaim> {
  const { inbox, owner, lease, now, onEnd, onSetAside, onError } = options;
  const damagedInHand = new Set<QueryClaim>();
  // Several at once: to find them, others are read.
  const roomForDamaged = () =>
    damagedInHand.size > MAX_DAMAGED / 2 ? 0 : MAX_DAMAGED - damagedInHand.size;
  return {
    claim: async (limit) => {
      while (true) {
        const damaged = roomForDamaged();
        const claims = await inbox.claim({ owner, limit, damaged, lease, now: now(), onSetAside });
        // Those in hand may have ended meanwhile, and to return none says that there is no work.
        if (claims.length === 0 && damaged === 0 && roomForDamaged() > 0) continue;
        for (const claim of claims) if (claim.fault !== undefined) damagedInHand.add(claim);
        return claims.map((claim) => [claim]);
      }
    },
    // A query that was given back did not kill its worker.
    isSuspect: (claims) => claims.some(({ attempts, reason }) => attempts > 1 && !reason),
    work: async (claims) => {
      try {
        for (const claim of claims) onEnd(await finishClaim(claim, options));
      } finally {
        for (const claim of claims) damagedInHand.delete(claim);
      }
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

/** Answers the query, then stores the report and marks the query, then notifies the caller. */
async function finishClaim(
  claim: QueryClaim,
  options: QueryJobOptions,
): Promise<QueryClaimOutcome> {
  const { inbox, now } = options;
  const started = now();
  const { status, report, error } = await answerOrGiveUp(claim, options);
  const query = await inbox.finish(claim, { status, report });
  const outcome = { claim, report, error, seconds: now() - started };
  if (query === undefined) return { ...outcome, status: "lost" };
  const notified = await notify(query.data["socket"]?.[0], options.notifyOptions);
  return { ...outcome, status, notified };
}

async function answerOrGiveUp(claim: QueryClaim, options: QueryJobOptions): Promise<Answer> {
  const { query, attempts, reason, fault } = claim;
  if (fault !== undefined) {
    const error = new QueryError("ValidationError", fault.reason);
    return failedAnswer(query, error, options.now());
  }
  if (attempts <= options.maxAttempts) return await answer(query, options);
  const message = `given up after ${options.maxAttempts} attempts: ${reason ?? "the worker died"}`;
  return failedAnswer(query, new Error(message), options.now());
}
