import { answerView, type AnswerViewOptions } from "./answer_view.ts";
import { askListed, type ListedValues } from "./listed_values.ts";
import { listView } from "./list_view.ts";
import type { LiveQuestion } from "./live_question.ts";
import { Refused } from "./request.ts";
import { UnclearKind } from "./unclear_kind.ts";

/**
 * Shows the answer about an indicator or, if the question holds several or is a text of many lines,
 * what is known of each.
 *
 * @throws {Refused} when it cannot be asked.
 */
export async function anyAnswer(
  question: LiveQuestion,
  options: AnswerViewOptions,
): Promise<HTMLElement> {
  const { q, sub_type } = question;
  const { signal } = options;
  if (sub_type === undefined && /[\r\n]/.test(q)) {
    return listView(await askListed(question, signal));
  }
  try {
    return await answerView(question, options);
  } catch (error) {
    const least = sub_type === undefined ? leastOfList(error, q) : Infinity;
    const listed = least === Infinity ? undefined : await tryListed(question, signal);
    if (listed === undefined || listed.values.length < least) throw error;
    return listView(listed);
  }
}

/** How many indicators make a text that cannot be asked as one a list; Infinity if it is none. */
function leastOfList(error: unknown, q: string): number {
  if (!/[\s,;|/-]/.test(q)) return Infinity;
  if (error instanceof UnclearKind) return error.unclear.held === undefined ? 2 : Infinity;
  return error instanceof Refused && error.status === 400 ? 1 : Infinity;
}

/** Undefined if there is nothing to look up. */
async function tryListed(
  question: LiveQuestion,
  signal: AbortSignal,
): Promise<ListedValues | undefined> {
  try {
    return await askListed(question, signal);
  } catch (error) {
    if (error instanceof Refused && error.status === 400) return undefined;
    throw error;
  }
}
