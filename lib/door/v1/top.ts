import { orgsOf } from "../../identity/org.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import type { Fields } from "../../tahoe/value.ts";
import { type AnswerOptions, answerTop } from "../../tdql/answer.ts";
import { QueryError } from "../../tdql/query_error.ts";
import type { Parameters } from "../parameters.ts";
import { Refusal } from "../refusal.ts";
import { reply } from "../reply.ts";
import { attributeQuestion, SELECTION } from "./questions.ts";

/** Parameters of GET /api/v1/top. */
export const TOP_PARAMETERS = [...SELECTION, "of", "limit"];

/** The most values, and as many as there are by default. */
const MOST_VALUES = 1000n;
const DEFAULT_VALUES = "20";

export type TopRouteOptions = {
  readonly user: TahoeObject;
  readonly answers: Pick<AnswerOptions, "graph" | "identity" | "now">;
};

/** GET /api/v1/top: what most of the newest events of an indicator hold, too. */
export async function top(
  { of, limit = DEFAULT_VALUES, ...parameters }: Parameters,
  { user, answers: { graph, identity, now } }: TopRouteOptions,
): Promise<Response> {
  if (of !== undefined && !isSubType(of)) {
    throw new Refusal(400, "Cannot list values: of must be the name of a kind, such as url");
  }
  const question = attributeQuestion("related", parameters);
  const orgids = (await orgsOf(identity, user._hash)).map(({ _hash }) => _hash);
  try {
    const { values, counted, details } = await answerTop(question, orgids, {
      graph,
      now: now(),
      limit: readLimit(limit),
      ...(of !== undefined && { subType: of }),
    });
    const fields = values.map(({ subType, data, events }): Fields => ({
      sub_type: subType,
      data,
      events: BigInt(events),
    }));
    return reply(200, {
      ...details as unknown as Fields,
      counted: BigInt(counted),
      values: fields,
    });
  } catch (error) {
    if (error instanceof QueryError) throw new Refusal(400, `Cannot ask: ${error.message}`);
    throw error;
  }
}

function readLimit(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? BigInt(text) : 0n;
  if (limit >= 1n && limit <= MOST_VALUES) return Number(limit);
  throw new Refusal(400, `Cannot list values: limit must be from 1 to ${MOST_VALUES}`);
}
