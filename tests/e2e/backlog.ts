import type { Stores } from "../../lib/cli/context.ts";
import { nowSeconds } from "../../lib/clock.ts";

/** What is left to do, and done, in a lake or an inbox. */
export type Backlog = {
  /** Number never claimed. */
  readonly waiting: number;
  /** Number claimed but not done, whether or not the lease still holds. */
  readonly inHand: number;
  readonly done: number;
  /** Names of the workers that hold leases. */
  readonly owners: readonly string[];
};

/** The backlog of a lake. An entry that waits for its next attempt counts as in hand. */
export async function lakeBacklog({ lake }: Pick<Stores, "lake">): Promise<Backlog> {
  const { counts, leases } = await lake.status(nowSeconds());
  const { WAITING: waiting, CLAIMED, DELAYED, SUCCESS, NOT_SUPPORTED, ERROR } = counts;
  const done = SUCCESS + NOT_SUPPORTED + ERROR;
  return { waiting, inHand: CLAIMED + DELAYED, done, owners: leases.map(({ owner }) => owner) };
}

/** The backlog of an inbox. A query that waits for its next attempt counts as in hand. */
export async function inboxBacklog({ inbox }: Pick<Stores, "inbox">): Promise<Backlog> {
  const { counts, leases } = await inbox.status(nowSeconds());
  const { wait: waiting, processing, delayed, ready, failed, invalid } = counts;
  const done = ready + failed + invalid;
  return { waiting, inHand: processing + delayed, done, owners: leases.map(({ owner }) => owner) };
}

export function isDone({ waiting, inHand }: Backlog): boolean {
  return waiting + inHand === 0;
}
