import { meaning, NotUnderstood } from "../../indicators/meaning.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import { readQuery } from "../../tdql/query.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { Refusal } from "../refusal.ts";
import { type Parameters, readParameters, requiredParameter } from "./parameters.ts";

/** Types of questions. */
export type QuestionType = "count" | "related" | "threatrank";

/** Parameters that select events. */
const SELECTION = ["from", "to", "last", "tzname", "category", "context"] as const;

/** The parameters of each type of question. */
export const PARAMETERS: { readonly [type in QuestionType]: readonly string[] } = {
  count: ["q", "sub_type", ...SELECTION, "by"],
  related: [
    "q",
    "sub_type",
    ...SELECTION,
    "level",
    "page",
    "return_type",
    "summary",
    "summary_graph",
  ],
  threatrank: ["event"],
};

/**
 * Reads the query data of a question from an address.
 *
 * @throws {Refusal} 400 when it cannot be asked.
 */
export function readQuestion(type: QuestionType, url: string): Fields {
  const parameters = readParameters(url, PARAMETERS[type]);
  const question = type === "threatrank"
    ? { _hash: requiredParameter(parameters, "event") }
    : attributeQuestion(parameters);
  checkQuestion(type, question);
  return question;
}

function attributeQuestion({ q: _q, sub_type, ...others }: Parameters): Fields {
  const text = requiredParameter({ q: _q ?? "" }, "q");
  const fields = Object.entries(others).map(([name, value]) => [name, readMember(name, value)]);
  return { ...askedAttribute(text, sub_type), match: "equivalent", ...Object.fromEntries(fields) };
}

/** The normal form of what is asked. */
function askedAttribute(text: string, subType: string | undefined): Fields {
  try {
    const { normal } = meaning(subType, text);
    return { sub_type: normal.subType, data: normal.data };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    throw new Refusal(400, `Cannot ask about q: it ${adviceFor(error.reason)}`);
  }
}

/** Says how to give a sub-type here. */
export function adviceFor(reason: string): string {
  return reason.replace(/give the sub-type before it, such as (\w+)$/, "give sub_type, such as $1");
}

/** Reads what query data has as a number or truth; the rest stays a string. */
function readMember(name: string, value: string): Value {
  if (["level", "page"].includes(name) && /^\d{1,15}$/.test(value)) return BigInt(value);
  if (["summary", "summary_graph"].includes(name) && /^(?:true|false)$/.test(value)) {
    return value === "true";
  }
  return value;
}

function checkQuestion(type: QuestionType, question: Fields): void {
  try {
    readQuery(type, question);
  } catch (error) {
    if (error instanceof QueryError) throw new Refusal(400, `Cannot ask: ${error.message}`);
    throw error;
  }
}
