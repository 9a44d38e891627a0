import type { Ask } from "../../answers/ask_answer.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import { NO_SUCH_EVENT } from "../../tdql/answer.ts";
import type { Answerer } from "../answerer.ts";
import { Refusal } from "../refusal.ts";
import { standardReply } from "./standard_reply.ts";

/** Milliseconds to wait for an answer. */
const WAIT_MS = 30_000;

/** Who asks, and who answers. */
export type Asking = { readonly user: TahoeObject; readonly answerer: Answerer };

/** Signals that a question is still being worked on. */
class Unanswered extends Error {
  override name = "Unanswered";
}

/** Makes what asks questions as a user. What cannot be answered is refused with its reason. */
export function askAs({ user, answerer }: Asking): Ask {
  return async (qtype, question) => {
    const asked = { qtype, question, userid: user._hash };
    const ended = await answerer.ask(asked, { redo: true, store: false, ms: WAIT_MS });
    if (ended === undefined) throw new Unanswered();
    if (ended.status === "failed") throw toRefusal(String(ended.report.data));
    return ended.report;
  };
}

/** Says why a question has failed. */
function toRefusal(reason: string): Refusal {
  if (reason.startsWith("ServerError")) return new Refusal(500, reason);
  return new Refusal(reason.endsWith(NO_SUCH_EVENT) ? 404 : 400, reason);
}

/** Makes the response to a question, or says that it is still being worked on. */
export async function answered(respond: () => Promise<Response>): Promise<Response> {
  try {
    return await respond();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    const response = standardReply(202, {
      status: "processing",
      detail: "Ask again for the answer",
    });
    response.headers.set("retry-after", "5");
    return response;
  }
}
