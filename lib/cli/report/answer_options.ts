import { nowSeconds } from "../../clock.ts";
import type { Config } from "../../config.ts";
import type { AnswerOptions } from "../../tdql/answer.ts";
import type { Opened } from "../context.ts";

/** What answering takes, from stores and configuration. */
export function answerOptions(
  { graph, edges, identity }: Opened<"graph" | "edges" | "identity">,
  { report: { decay, maxEvents, maxEdges, maxWedges, deadline } }: Config,
): AnswerOptions {
  const limits = { maxEvents, maxEdges, maxWedges, deadline };
  return { graph, edges, identity, decay, limits, now: nowSeconds };
}
