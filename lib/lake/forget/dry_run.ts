import type { ForgetOptions } from "./options.ts";
import { type Part, partOf } from "./part.ts";
import { makePlan } from "./plan.ts";
import { selectedRaws } from "./selected_raws.ts";
import type { Tally } from "./tally.ts";

/** Events and sessions that are held in memory. */
const TOPS_AT_ONCE = 100_000;

/**
 * Counts what would go. Plans all in as few steps as memory allows, so that what only selected
 * uploads share counts as well.
 */
export async function countForgotten(options: ForgetOptions, tally: Tally): Promise<void> {
  const { archive } = options;
  // Without filters: what changes in instances that stay is not counted.
  const plan = async (parts: readonly Part[]) =>
    tally.add(await makePlan(archive, parts, new Map()));
  let parts: Part[] = [];
  let tops = 0;
  for await (const raw of selectedRaws(options, tally)) {
    const part = await partOf(archive, raw, { ...options, most: Infinity });
    if (part === undefined) continue;
    if (tops > 0 && tops + part.leaving.length > TOPS_AT_ONCE) {
      await plan(parts);
      [parts, tops, tally.sum.exact] = [[], 0, false];
    }
    parts.push(withoutData(part));
    tops += part.leaving.length;
  }
  if (!options.signal.aborted) await plan(parts);
}

function withoutData(part: Part): Part {
  const { raw, after } = part;
  return { ...part, raw: { ...raw, data: null }, after: after && { ...after, data: null } };
}
