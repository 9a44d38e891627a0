import { counted } from "../../../counted.ts";
import { formatTime } from "../../../time.ts";
import { type CountedRange, isUnread, type LookupRow } from "../../../answers/lookup_row.ts";

type SummaryOptions = {
  readonly range: CountedRange;
  /** What was left out of the input, and how often. */
  readonly skipped: ReadonlyMap<string, number>;
};

/** Says how many values were seen and not read, which events were counted, and what was skipped. */
export function summaryText(
  rows: readonly LookupRow[],
  { range, skipped }: SummaryOptions,
): string {
  const unread = rows.filter(isUnread).length;
  const seen = rows.filter((row) => !isUnread(row) && row.sightings.events > 0).length;
  const lines = [
    `${counted(rows.length, "value")}: ${seen} seen, ${rows.length - seen - unread} not seen` +
    (unread === 0 ? "" : `, ${unread} cannot be read`),
    `Range: ${rangeText(range)}`,
  ];
  const parts = [...skipped].map(([what, times]) => countedKind(times, what));
  if (parts.length > 0) lines.push(`Skipped: ${parts.join(", ")}`);
  return lines.join("\n");
}

function rangeText({ start, end }: CountedRange): string {
  const since = Number.isFinite(start) ? `from ${formatTime(start)}` : "from the first event";
  const until = Number.isFinite(end) ? `to ${formatTime(end)}` : "to the last event";
  return `${since} ${until}, times in UTC`;
}

/** Counts what was skipped; a noun may have words after it: `2 lines without an indicator`. */
function countedKind(times: number, kind: string): string {
  const [noun = "", ...rest] = kind.split(/ (?=without |of |that )/);
  return [counted(times, noun), ...rest].join(" ");
}
