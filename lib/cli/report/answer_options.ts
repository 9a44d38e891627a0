import { nowSeconds } from "../../clock.ts";
import type { Config } from "../../config.ts";
import type { AnswerOptions } from "../../tdql/answer.ts";
import type { OpenStores } from "../context.ts";

/** Collects what answering needs from the stores and the configuration. */
export function answerOptions(
  { graph, edges, identity }: OpenStores<"graph" | "edges" | "identity">,
  { report: { decay, maxEvents, maxEdges, maxWedges, deadline } }: Pick<Config, "report">,
): AnswerOptions {
  const limits = { maxEvents, maxEdges, maxWedges, deadline };
  return { graph, edges, identity, decay, limits, now: nowSeconds };
}
