import {
  type AnsweredValue,
  type CountedRange,
  isUnread,
  type LookupRow,
  nameText,
} from "../../../answers/lookup_row.ts";
import { counted } from "../../../counted.ts";
import { printable } from "../../../printable.ts";
import { formatTime } from "../../../time.ts";

/** Values that are named. */
const SHOWN = 5;

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
  const outside = rows.filter((row) => !isUnread(row) && row.outside > 0);
  if (outside.length > 0) lines.push(outsideText(outside.map(({ value }) => value)));
  lines.push(...rows.flatMap((row) => isUnread(row) ? [] : withinText(row)));
  const parts = [...skipped].map(([what, times]) => countedKind(times, what));
  if (parts.length > 0) lines.push(`Skipped: ${parts.join(", ")}`);
  return lines.join("\n");
}

/** Names values that only events outside the range hold; the first ones, if there are many. */
function outsideText(values: readonly string[]): string {
  const more = values.length > SHOWN ? " …" : "";
  return `${counted(values.length, "value")} not seen, but held by events outside this range: ` +
    `${values.slice(0, SHOWN).map((value) => printable(value)).join(", ")}${more}; ` +
    "set it with --from and --to, which may be in the future";
}

/** Says which networks contain a value that was not seen. */
function withinText({ value, within }: AnsweredValue): readonly string[] {
  if (within.length === 0) return [];
  const networks = within.map((each) => `${nameText(each)} (${counted(each.events, "event")})`);
  return [`${printable(value)} was not seen, but is within ${networks.join(", ")}`];
}

function rangeText({ start, end, isAllTime }: CountedRange): string {
  if (isAllTime) return `all time, up to now (${formatTime(end)}), times in UTC`;
  const since = Number.isFinite(start) ? `from ${formatTime(start)}` : "from the first event";
  const until = Number.isFinite(end) ? `to ${formatTime(end)}` : "to the last event";
  return `${since} ${until}, times in UTC`;
}

/** Counts what was skipped; a noun may have words after it: `2 lines without an indicator`. */
function countedKind(times: number, kind: string): string {
  const [noun = "", ...rest] = kind.split(/ (?=without |of |that )/);
  return [counted(times, noun), ...rest].join(" ");
}
