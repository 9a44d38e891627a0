import { setImmediate as turn } from "node:timers/promises";
import { chunksByBytes } from "../chunks.ts";
import { sleep } from "../sleep.ts";
import { bsonSize } from "../tahoe/bson.ts";
import type { Child } from "../tahoe/children.ts";
import type { Hash, Raw } from "../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../tahoe/instances.ts";
import type { Fields } from "../tahoe/value.ts";
import { countForgotten } from "./forget/dry_run.ts";
import type { ForgetOptions } from "./forget/options.ts";
import { type Part, partOf } from "./forget/part.ts";
import { carryOut, makePlan, type Plan } from "./forget/plan.ts";
import { selectedRaws } from "./forget/selected_raws.ts";
import { type Forgotten, Tally } from "./forget/tally.ts";

export type { ForgetOptions } from "./forget/options.ts";
export { type Selection, type SentUpload, sourcesOf } from "./forget/selection.ts";
export type { Forgotten, ForgottenRaw } from "./forget/tally.ts";

const TOPS_AT_ONCE = 2000;
const RAWS_AT_ONCE = 64;
/** Bytes of the Raws of one step: some 15,000 references. */
const BYTES_AT_ONCE = 1024 ** 2;
/** A worker stores the events of an upload so soon after it looked what was there. */
const GRACE_MS = 1000;

/**
 * Takes back what the selected uploads brought: their Raws, or in a Raw that others sent as well
 * their part of it; events, sessions, objects and attributes that nothing else holds; and what they
 * alone said of events and sessions that stay. The archive is then as if they had never been sent.
 *
 * What cannot be read stays, and is counted.
 *
 * Goes on in steps, each atomic where the store can do that; whatever step it is killed in, doing it
 * again completes it.
 */
export async function forget(options: ForgetOptions): Promise<Forgotten> {
  const tally = new Tally(options.forgot);
  if (options.dryRun) await countForgotten(options, tally);
  else await forgetAll(options, tally);
  return tally.sum;
}

async function forgetAll(options: ForgetOptions, tally: Tally): Promise<void> {
  const { archive, signal, grace = GRACE_MS } = options;
  const groups = chunksByBytes(selectedRaws(options, tally), {
    maxItems: RAWS_AT_ONCE,
    maxBytes: BYTES_AT_ONCE,
    bytesOf: (raw) => bsonSize(raw as unknown as Fields),
  });
  let removed: readonly Child[] = [];
  for await (const group of groups) {
    const hashes = group.map(({ _hash }) => _hash);
    while (!signal.aborted) {
      const plan = await forgetSome(hashes, options);
      if (plan.parts.length === 0) break;
      tally.add(plan);
      tally.subtract(await putBack(archive, removed));
      removed = plan.orphans;
      await turn();
    }
    if (signal.aborted) break;
  }
  if (removed.length > 0) await sleep(grace, signal);
  tally.subtract(await putBack(archive, removed));
}

/** Takes so much out of the Raws as one step may; a plan without parts if nothing is left to do. */
function forgetSome(
  hashes: readonly Hash[],
  options: ForgetOptions,
): Promise<Plan> {
  const { archive, filters, topsAtOnce = TOPS_AT_ONCE } = options;
  return archive.atomically(async (store) => {
    const parts: Part[] = [];
    let room = topsAtOnce;
    for (const raw of await store.get(hashes, leaveOut) as Raw[]) {
      if (room <= 0) break;
      const part = await partOf(store, raw, { ...options, most: room });
      if (part === undefined) continue;
      parts.push(part);
      room -= part.leaving.length;
    }
    const plan = await makePlan(store, parts, filters);
    await carryOut(store, plan);
    return plan;
  });
}

/**
 * Puts back those of the removed instances that something refers to by now: an upload was archived
 * meanwhile that found them in the archive, and did not store them. Returns these.
 */
async function putBack(
  archive: InstanceStore,
  removed: readonly Child[],
): Promise<readonly Child[]> {
  const referred = await archive.referredBeyond(new Map(removed.map(({ _hash }) => [_hash, 0])));
  const missed = removed.filter(({ _hash }) => referred.has(_hash));
  if (missed.length > 0) await archive.put(missed);
  return missed;
}
