import type { PageAnswer } from "../answer.ts";
import type { TimeWriter } from "../time.ts";
import { eventModel } from "./event_model.ts";
import type { GraphModel } from "./model.ts";
import { pathModel } from "./path_model.ts";
import { summaryModel } from "./summary_model.ts";

/** The graph of an answer; undefined if it has none. */
export function answerModel(answer: PageAnswer, time: TimeWriter): GraphModel | undefined {
  const model = buildModel(answer, time);
  return model === undefined || model.roots.length === 0 ? undefined : model;
}

function buildModel(answer: PageAnswer, time: TimeWriter): GraphModel | undefined {
  const { ranks, events, groups = [], related, question } = answer;
  if (ranks !== undefined) return pathModel(ranks, time);
  if (question === undefined) return undefined;
  if (events !== undefined) return eventModel({ question, events, groups, time });
  if (related?.some(({ path }) => path !== undefined)) return summaryModel(question, related);
}
