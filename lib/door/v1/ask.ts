import type { TahoeObject } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import { NO_SUCH_EVENT } from "../../tdql/answer.ts";
import type { Answerer } from "../answerer.ts";
import { Refusal } from "../refusal.ts";
import { reply } from "../reply.ts";
import { type QuestionType, readQuestion } from "./questions.ts";

/** Milliseconds to wait for an answer. */
const WAIT_MS = 30_000;

/** GET /api/v1/count, related and threatrank: asks a question, and answers with its report. */
export async function ask(
  type: QuestionType,
  url: string,
  { user, answerer }: { readonly user: TahoeObject; readonly answerer: Answerer },
): Promise<Response> {
  const asked = { qtype: type, question: readQuestion(type, url), userid: user._hash };
  const ended = await answerer.ask(asked, { redo: false, ms: WAIT_MS });
  if (ended === undefined) return processing();
  if (ended.status === "failed") throw toRefusal(String(ended.report.data));
  return reply(200, ended.report as unknown as Fields);
}

/** Says why a question has failed. */
function toRefusal(reason: string): Refusal {
  if (reason.startsWith("ServerError")) return new Refusal(500, reason);
  return new Refusal(reason.endsWith(NO_SUCH_EVENT) ? 404 : 400, reason);
}

function processing(): Response {
  const response = reply(202, { status: "processing", detail: "Ask again for the answer" });
  response.headers.set("retry-after", "5");
  return response;
}
