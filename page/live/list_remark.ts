import { nameText } from "../../lib/answers/lookup_row.ts";
import type { RelatedValue } from "../answer.ts";
import { counted, numberText } from "../numbers.ts";
import { shownText } from "../shown_text.ts";
import type { LiveSightings } from "./sightings.ts";

/** Values near one that was not seen that are named. */
const SHOWN = 3;

/** What else is known of a value that was not seen, in one line; undefined if that is nothing. */
export function listRemark(
  { atOtherTimes, addresses, within, advice }: LiveSightings,
): string | undefined {
  if (atOtherTimes > 0) return `at other times: ${counted(atOtherTimes, "event")}`;
  if (addresses !== undefined) return `in it: ${names(addresses)}`;
  return within === undefined ? advice : `within: ${names(within)}`;
}

function names(values: readonly RelatedValue[]): string {
  const named = values.slice(0, SHOWN).map((value) =>
    `${shownText(nameText(value), 60)} (${counted(value.events ?? 0, "event")})`
  );
  const more = values.length - SHOWN;
  return `${named.join(", ")}${more > 0 ? ` and ${numberText(more)} others` : ""}`;
}
