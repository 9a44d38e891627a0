import type { Fields } from "../../lib/tahoe/value.ts";
import { numberOf, objectsOf } from "../read/fields.ts";
import { shownText } from "../shown_text.ts";
import { type LiveQuestion, ZONE } from "./live_question.ts";
import { Refused, request } from "./request.ts";
import { type LiveSightings, readName, readSightings } from "./sightings.ts";
import { type PossibleKind, UnclearKind } from "./unclear_kind.ts";

/** What the API says of several values, of which the page can be asked for one only. */
const MANY_ADVICE = "or for all with POST /api/v1/lookup";

/**
 * Finds out how often an indicator was seen, when and by whom.
 *
 * @throws {UnclearKind} when it may be of several kinds.
 * @throws {Refused} when it cannot be asked.
 */
export async function askSightings(
  { q, ...others }: LiveQuestion,
  signal: AbortSignal,
): Promise<LiveSightings> {
  const body = { values: [q], tzname: ZONE, ...others };
  const { rows } = await request("/api/v1/lookup", { method: "POST", body, signal });
  const [row = {}] = objectsOf(rows);
  if (row["reason"] === undefined) return readSightings(row);
  throw unread(row, { q, ...others });
}

/** Why an indicator cannot be asked about. */
function unread({ reason, kinds, held }: Fields, question: LiveQuestion): Error {
  const possible = objectsOf(kinds).map(readPossible);
  if (possible.length > 0) {
    const [found] = objectsOf(held === undefined ? [] : [held]).map(readName);
    return new UnclearKind({
      question,
      kinds: possible,
      ...(found !== undefined && { held: found }),
    });
  }
  const text = String(reason).replace(`, ${MANY_ADVICE}`, "");
  return new Refused(400, `Cannot ask about "${shownText(question.q)}": it ${text}`);
}

function readPossible(fields: Fields): PossibleKind {
  return { ...readName(fields), events: numberOf(fields["events"]) ?? 0 };
}
