import { jsonLine } from "../../lib/json_text.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { numberOf, objectOf, objectsOf } from "../read/fields.ts";
import { type LiveQuestion, ZONE } from "./live_question.ts";
import { request } from "./request.ts";
import { type LiveSightings, readSightings } from "./sightings.ts";

/** A value of a list that cannot be read, and why. */
export type UnreadValue = { readonly value: string; readonly reason: string };

/** What is known of the values of a list, in its order. */
export type ListedValues = {
  /** Each once, in however many ways it was written. */
  readonly values: readonly LiveSightings[];
  readonly unread: readonly UnreadValue[];
  /** What of the text is not a value, in words, and how often. */
  readonly skipped: readonly (readonly [what: string, times: number])[];
  /** Columns of a table that hold no indicators. */
  readonly unreadColumns: readonly string[];
  /** The rows as the API gave them. */
  readonly rows: readonly Fields[];
};

/**
 * Looks up all indicators in the text of a question.
 *
 * @throws {Refused} when there is none, or they cannot be looked up.
 */
export async function askListed(
  { q: text, ...others }: LiveQuestion,
  signal: AbortSignal,
): Promise<ListedValues> {
  const body = { text, tzname: ZONE, ...others };
  const answer = await request("/api/v1/lookup", { method: "POST", body, signal });
  const rows = objectsOf(answer["rows"]);
  const [unread, seen] = [true, false].map((isUnread) =>
    rows.filter(({ reason }) => (reason !== undefined) === isUnread)
  );
  const columns = answer["unread_columns"];
  return {
    values: [...new Map(seen!.map((row) => [jsonLine(row["asked"]), readSightings(row)])).values()],
    unread: unread!.map(({ value, reason }) => ({
      value: String(value),
      reason: String(reason),
    })),
    skipped: Object.entries(objectOf(answer["skipped"]))
      .map(([what, times]) => [what, numberOf(times) ?? 0] as const),
    unreadColumns: Array.isArray(columns) ? columns.map(String) : [],
    rows,
  };
}
