import { StoreUnavailable } from "../../errors.ts";
import type { Event, Hash } from "../../tahoe/instance.ts";
import type { Context } from "../context.ts";

/**
 * Finds an event that was ranked, so that the user may see it. Undefined where the archive is out of
 * reach, because the service answers.
 */
export async function findAskedEvent(context: Context, hash: Hash): Promise<Event | undefined> {
  try {
    const { graph } = await context.stores("graph");
    const [found] = await graph.get([hash]);
    return found?.itype === "event" ? found : undefined;
  } catch (error) {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}
