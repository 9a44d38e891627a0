import type { AttributeName } from "../../../tahoe/attribute.ts";
import { jsonLine } from "../../../json_text.ts";
import { type CountedRange, isUnread, type LookupRow } from "./row.ts";

/** Writes rows as JSON Lines. Times are seconds since 1970, as in reports; null where a bound is missing. */
export function writeJsonRows(rows: readonly LookupRow[], range: CountedRange): string {
  return rows.map((row) => jsonLine(toFields(row, range)) + "\n").join("");
}

function toFields(row: LookupRow, { start, end }: CountedRange) {
  const { value } = row;
  if (isUnread(row)) return { value, reason: row.reason };
  const { events, malicious, benign, unknown, first, last } = row.sightings;
  return {
    value,
    asked: nameFields(row.asked),
    found: row.found.map(nameFields),
    from: finite(start),
    to: finite(end),
    events,
    malicious,
    benign,
    unknown,
    first_seen: first,
    last_seen: last,
    organisations: row.organisations,
    ...(row.rank !== undefined && { threatrank: row.rank.rank, flags: row.rank.flags }),
  };
}

function nameFields({ subType, data }: AttributeName) {
  return { sub_type: subType, data };
}

function finite(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null;
}
