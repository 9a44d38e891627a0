import { canonicalForm } from "../../tahoe/canonical.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import type { AskedQuestion } from "../../tdql/answer.ts";
import type { Answerer } from "../answerer.ts";
import { keyError } from "../key_error.ts";
import { Refusal } from "../refusal.ts";
import { reply } from "../reply.ts";

/** Milliseconds for which clients of the Python API are used to wait. */
const WAIT_MS = 5000;

/** POST /query: asks a question, and answers with its report if there is one in time. */
export async function query(
  fields: Fields,
  user: TahoeObject,
  { answerer }: { readonly answerer: Answerer },
): Promise<Response> {
  const question = readQuestion(fields, user);
  const redo = isTruthy(fields["redo"]);
  const ended = await answerer.ask(question, { redo, store: true, ms: WAIT_MS });
  return ended === undefined
    ? reply(202, { message: "check back later", status: "processing" })
    : reply(201, ended.report as unknown as Fields);
}

function readQuestion(fields: Fields, user: TahoeObject): AskedQuestion {
  const qtype = requiredField(fields, "type");
  const question = requiredField(fields, "data");
  if (typeof qtype !== "string" || !qtype.isWellFormed()) throw invalid("type is not a string");
  try {
    canonicalForm(question);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(`data cannot be asked: ${error.message}`);
  }
  return { qtype, question, userid: user._hash };
}

function requiredField(fields: Fields, name: string): Value {
  const value = fields[name];
  if (value === undefined) throw invalid(`${keyError(name)}'${name}'`);
  return value;
}

function invalid(why: string): Refusal {
  return new Refusal(400, `Invalid query format! ${why}`);
}

/** Whether Python takes a value for true. */
function isTruthy(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
