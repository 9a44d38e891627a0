import { answerView, type AnswerViewOptions } from "./answer_view.ts";
import { askSightings } from "./ask_sightings.ts";
import { askListed, type ListedValues } from "./listed_values.ts";
import { listView } from "./list_view.ts";
import type { LiveQuestion } from "./live_question.ts";
import { Refused } from "./request.ts";
import type { LiveSightings } from "./sightings.ts";
import { UnclearKind } from "./unclear_kind.ts";

/**
 * Shows the answer about an indicator or, if the question holds several or is a text of many lines,
 * what is known of each.
 *
 * @throws {UnclearKind} when it may be of several kinds.
 * @throws {Refused} when it cannot be asked.
 */
export async function anyAnswer(
  question: LiveQuestion,
  options: AnswerViewOptions,
): Promise<HTMLElement> {
  const { q, sub_type } = question;
  const { signal } = options;
  const hasLines = /[\r\n]/.test(q);
  const showList = async () => listView(await askListed(question, signal), question);
  if (hasLines && sub_type === undefined) return await showList();
  let sightings: LiveSightings;
  try {
    sightings = await askSightings(question, signal);
  } catch (error) {
    const isUnread = error instanceof UnclearKind ||
      error instanceof Refused && error.status === 400;
    if (isUnread && hasLines) return await showList();
    if (!isUnread || sub_type !== undefined || !/[\s,;|>/-]/.test(q)) throw error;
    const listed = await tryListed(question, signal);
    const least = error instanceof UnclearKind ? 2 : 1;
    if (listed === undefined || listed.values.length < least) throw error;
    return listView(listed, question);
  }
  // A command may have lines, too: of a kind, all of them may be one value.
  if (hasLines && sightings.events + sightings.atOtherTimes === 0) return await showList();
  return answerView(question, sightings, options);
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
