import { meaning, NotUnderstood } from "../../indicators/meaning.ts";
import type { AttributeName } from "../../tahoe/attribute.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import { readQuery } from "../../tdql/query.ts";
import { QueryError } from "../../tdql/query_error.ts";
import type { TimeSpec } from "../../tdql/time_range.ts";
import { readTypedTimes } from "../../tdql/typed_times.ts";
import { Refusal } from "../refusal.ts";
import { readCursor } from "./cursor.ts";
import { type Parameters, requiredParameter } from "../parameters.ts";

/** Types of questions about an indicator. */
export type QuestionType = "count" | "related";

/** Parameters of the time range. */
export const TIMES = ["from", "to", "last", "tzname"] as const;

/** Parameters that name an indicator and select events. */
export const SELECTION = ["q", "sub_type", ...TIMES, "category", "context"] as const;

/** Parameters of what is related. */
export const RELATED = ["level", "cursor", "return_type", "summary", "summary_graph"] as const;

/**
 * Makes the query data of a question about an indicator.
 *
 * @throws {Refusal} 400 when it cannot be asked.
 */
export function attributeQuestion(
  type: QuestionType,
  { q = "", sub_type, cursor, ...others }: Parameters,
): Fields {
  const text = requiredParameter({ q }, "q");
  const fields = Object.entries({ ...others, ...readTimes(others) })
    .map(([name, value]) => [name, readMember(name, value)]);
  const { subType, data } = askedAttribute(text, sub_type);
  const question = {
    sub_type: subType,
    data,
    match: "equivalent",
    ...Object.fromEntries(fields),
  };
  checkQuestion(type, question);
  if (cursor === undefined) return question;
  const { from: _from, to: _to, last: _last, ...unbounded } = question;
  return { ...unbounded, ...readCursor(cursor) };
}

/**
 * Reads the hash of an event.
 *
 * @throws {Refusal} 400 when it is not one.
 */
export function eventHash(hash: string): string {
  checkQuestion("threatrank", { _hash: hash });
  return hash.toLowerCase();
}

/**
 * Reads the parameters of the time range, which mean what the options of the command line do.
 *
 * @throws {Refusal} 400 when they cannot be read, or may mean two things.
 */
export function readTimes(parameters: TimeSpec): TimeSpec {
  return asked(() => readTypedTimes(parameters));
}

/**
 * The normal form of what is asked.
 *
 * @throws {Refusal} 400 when it cannot be asked.
 */
export function askedAttribute(text: string, subType: string | undefined): AttributeName {
  try {
    return meaning(subType, text).normal;
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    throw new Refusal(400, `Cannot ask about q: it ${adviceFor(error.reason)}`);
  }
}

/** Says how to do here what the command line would. */
export function adviceFor(reason: string): string {
  return reason.replace(/give the sub-type before it, such as (\w+)/, "give sub_type, such as $1")
    .replace("with report lookup", "with POST /api/v1/lookup");
}

/** Reads what query data has as a number or truth; the rest stays a string. */
function readMember(name: string, value: string): Value {
  if (name === "level" && /^\d{1,15}$/.test(value)) return BigInt(value);
  if (["summary", "summary_graph"].includes(name) && /^(?:true|false)$/.test(value)) {
    return value === "true";
  }
  return value;
}

function checkQuestion(type: QuestionType | "threatrank", question: Fields): void {
  asked(() => readQuery(type, question));
}

/** Refuses what cannot be asked. */
export function asked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof QueryError) throw new Refusal(400, `Cannot ask: ${error.message}`);
    throw error;
  }
}
