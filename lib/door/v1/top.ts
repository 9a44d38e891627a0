import { orgsOf } from "../../identity/org.ts";
import type { Hash, TahoeObject } from "../../tahoe/instance.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import type { Fields } from "../../tahoe/value.ts";
import {
  answerLatestTop,
  type AnswerOptions,
  answerTop,
  type TopOptions,
} from "../../tdql/answer.ts";
import { QueryError } from "../../tdql/query_error.ts";
import type { Parameters } from "../parameters.ts";
import type { QuestionLimit } from "../question_limit.ts";
import { Refusal } from "../refusal.ts";
import { standardReply } from "./standard_reply.ts";
import { attributeQuestion, SELECTION, TIMES } from "./questions.ts";

/** Parameters of GET /api/v1/top. */
export const TOP_PARAMETERS = [...SELECTION, "of", "limit"];

/** Parameters that select events whatever they hold. */
const WITHOUT_INDICATOR: readonly string[] = [...TIMES, "category"];

/** The most values, and as many as there are by default. */
const MOST_VALUES = 1000n;
const DEFAULT_VALUES = "20";

export type TopRouteOptions = {
  readonly user: TahoeObject;
  readonly questions: QuestionLimit;
  readonly answers: Pick<AnswerOptions, "graph" | "identity" | "now">;
};

/**
 * GET /api/v1/top: what most of the newest events of an indicator hold, too; without one, what most of
 * the events hold that were archived last.
 */
export async function top(
  { of, limit = DEFAULT_VALUES, ...parameters }: Parameters,
  { user, questions, answers: { graph, identity, now } }: TopRouteOptions,
): Promise<Response> {
  if (of !== undefined && !isSubType(of)) {
    throw new Refusal(400, "Cannot list values: of must be the name of a kind, such as url");
  }
  const answer = parameters["q"] === undefined ? latestTop : indicatorTop;
  const options = {
    graph,
    now: now(),
    limit: readLimit(limit),
    ...(of !== undefined && { subType: of }),
  };
  const orgids = (await orgsOf(identity, user._hash)).map(({ _hash }) => _hash);
  try {
    return await questions.run(
      user._hash,
      async () => standardReply(200, await answer(parameters, orgids, options)),
    );
  } catch (error) {
    if (error instanceof QueryError) throw new Refusal(400, `Cannot ask: ${error.message}`);
    throw error;
  }
}

async function indicatorTop(
  parameters: Parameters,
  orgids: readonly Hash[],
  options: TopOptions,
): Promise<Fields> {
  const question = attributeQuestion("related", parameters);
  const { details, ...top } = await answerTop(question, orgids, options);
  return { ...details as unknown as Fields, ...topFields(top) };
}

async function latestTop(
  parameters: Parameters,
  orgids: readonly Hash[],
  options: TopOptions,
): Promise<Fields> {
  const odd = Object.keys(parameters).find((name) => !WITHOUT_INDICATOR.includes(name));
  if (odd !== undefined) {
    throw new Refusal(400, `Cannot select events by ${odd} without q, the indicator that it is of`);
  }
  const { details, complete, ...top } = await answerLatestTop(parameters, orgids, options);
  return { ...details as unknown as Fields, ...topFields(top), complete };
}

type Top = Pick<Awaited<ReturnType<typeof answerTop>>, "values" | "counted">;

function topFields({ values, counted }: Top): Fields {
  return {
    counted: BigInt(counted),
    values: values.map(({ subType, data, events }): Fields => ({
      sub_type: subType,
      data,
      events: BigInt(events),
    })),
  };
}

function readLimit(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? BigInt(text) : 0n;
  if (limit >= 1n && limit <= MOST_VALUES) return Number(limit);
  throw new Refusal(400, `Cannot list values: limit must be from 1 to ${MOST_VALUES}`);
}
