import type { Report } from "../tahoe/instance.ts";
import type { QueryResult } from "./answer_content.ts";
import { isMaliciousItself } from "./read_report.ts";

/**
 * An answer as `--json` shows it: what was asked and found is beside the data. ThreatRanks are a
 * list, unless one event was asked for by its hash.
 */
export function jsonAnswer(result: QueryResult): unknown {
  if (result.qtype !== "threatrank") return withDetails(result.report);
  const { ranks, details } = result;
  const [first] = ranks;
  if (first !== undefined && first.event === undefined) {
    const { hash, report } = first;
    return { ...report, question: { _hash: hash }, malicious: isMaliciousItself(report, hash) };
  }
  return ranks.map(({ event, report }) => ({ event, report, ...details }));
}

function withDetails({ details, ...report }: Report) {
  return { ...report, ...details };
}
