import { askCount, askRank, askRanks, askRelated } from "../../answers/ask_answer.ts";
import { isMaliciousItself } from "../../answers/read_report.ts";
import type { Report } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import { Refusal } from "../refusal.ts";
import { standardReply } from "./standard_reply.ts";
import { askAs, type Asking } from "./ask.ts";
import { nextCursor } from "./cursor.ts";
import type { Parameters } from "../parameters.ts";
import { attributeQuestion, eventHash, RELATED, SELECTION } from "./questions.ts";

/** A route that answers one question. */
type AnswerRoute = {
  readonly parameters: readonly string[];
  readonly answer: (parameters: Parameters, asking: Asking) => Promise<Response>;
};

/** The routes that answer one question, by the end of their path. */
export const ANSWER_ROUTES = {
  count: { parameters: [...SELECTION, "by"], answer: count },
  histogram: { parameters: [...SELECTION, "by"], answer: histogram },
  related: { parameters: [...SELECTION, ...RELATED], answer: related },
  threatrank: { parameters: ["event", ...SELECTION, "cursor"], answer: threatRank },
} as const satisfies { readonly [name: string]: AnswerRoute };

/** In how many events is an indicator? */
async function count(parameters: Parameters, asking: Asking): Promise<Response> {
  const question = attributeQuestion("count", parameters);
  const { report } = await askCount(askAs(asking), question, { withHistogram: false });
  return standardReply(200, report as unknown as Fields);
}

/** When were these events? */
async function histogram(parameters: Parameters, asking: Asking): Promise<Response> {
  const question = attributeQuestion("count", parameters);
  const { report } = await askCount(askAs(asking), question, { withHistogram: true });
  const { histogram = [], ...details } = report.details!;
  const by = details.question["by"] ?? null;
  return standardReply(200, { ...details as unknown as Fields, by, intervals: histogram });
}

/** What is in the events of an indicator? */
async function related(parameters: Parameters, asking: Asking): Promise<Response> {
  const { report } = await askRelated(askAs(asking), attributeQuestion("related", parameters));
  return standardReply(200, { ...report as unknown as Fields, ...nextFields(report) });
}

/** How malicious is an event, or those of an indicator? */
async function threatRank(
  { event, ...parameters }: Parameters,
  asking: Asking,
): Promise<Response> {
  if (event !== undefined) {
    if (Object.keys(parameters).length > 0) {
      throw new Refusal(400, "Cannot select events beside the parameter event: it names one");
    }
    const { ranks: [ranked] } = await askRank(askAs(asking), eventHash(event));
    return standardReply(200, ranked!.report as unknown as Fields);
  }
  const question = attributeQuestion("related", parameters);
  const { ranks, related } = await askRanks(askAs(asking), question);
  const rows = ranks.map(({ hash, event, report }) => ({
    event: event as unknown as Fields,
    report: report as unknown as Fields,
    malicious: isMaliciousItself(report, hash),
  }));
  return standardReply(200, {
    ...related.details as unknown as Fields,
    ranks: rows,
    ...nextFields(related),
  });
}

function nextFields(report: Report): { readonly next?: string } {
  const next = nextCursor(report);
  return next === undefined ? {} : { next };
}
