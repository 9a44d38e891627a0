import type { Document } from "mongodb";
import type { EventFilter } from "../graph/graph.ts";

/** What finds the events that a filter chooses. */
export function eventsChosenBy({ orgids, start, end, category }: EventFilter): Document {
  return {
    itype: "event",
    orgid: { $in: orgids },
    // Finite times only; NaN, below all numbers in MongoDB's order, is in no range either.
    timestamp: { $gte: Math.max(start, -Number.MAX_VALUE), $lte: Math.min(end, Number.MAX_VALUE) },
    ...category !== "all" && { category },
  };
}
