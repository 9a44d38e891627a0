import type { Document } from "mongodb";
import type { EventFilter } from "../graph/graph.ts";

/** Translates an event filter into a MongoDB filter. */
export function toMongoFilter({ orgids, start, end, category }: EventFilter): Document {
  return {
    itype: "event",
    orgid: { $in: orgids },
    // Finite times only. NaN is outside too: MongoDB sorts it below all numbers.
    timestamp: { $gte: Math.max(start, -Number.MAX_VALUE), $lte: Math.min(end, Number.MAX_VALUE) },
    ...(category !== "all" && { category }),
  };
}
