import {
  type AnsweredValue,
  type CountedRange,
  isUnread,
  type LookupRow,
  nameText,
} from "../../../answers/lookup_row.ts";
import type { FoundAttribute, OutsideTimes } from "../../../tdql/lookup.ts";
import { counted } from "../../../counted.ts";
import { suggestSubType } from "../../../indicators/suggest_sub_type.ts";
import { printable } from "../../../printable.ts";
import { formatTime } from "../../../time.ts";

/** Values that are named. */
const SHOWN = 5;

/** Networks around a value, or addresses in it, that are named. */
const SHOWN_NEAR = 10;

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
  const outside = rows.flatMap((row) => isUnread(row) ? [] : outsideOf(row));
  if (outside.length > 0) lines.push(outsideText(outside));
  lines.push(...rows.flatMap((row) => isUnread(row) ? [] : nearText(row)));
  // The command has warned of a sub-type that importers do not use.
  const advised = rows.filter((row) =>
    !isUnread(row) && row.advice !== undefined && suggestSubType(row.asked.subType) === undefined
  );
  if (advised.length > 0) lines.push(networksText(advised.map(({ value }) => value)));
  const parts = [...skipped].map(([what, times]) => countedKind(times, what));
  if (parts.length > 0) lines.push(`Skipped: ${parts.join(", ")}`);
  return lines.join("\n");
}

/** A value that only events outside the range hold, and the times of the first and last of them. */
type Outside = OutsideTimes & { readonly value: string };

function outsideOf({ value, outsideTimes }: AnsweredValue): readonly Outside[] {
  return outsideTimes === undefined ? [] : [{ value, ...outsideTimes }];
}

/** Names values that only events outside the range hold, and the range that has all these events. */
function outsideText(outside: readonly Outside[]): string {
  const more = outside.length > SHOWN ? " …" : "";
  const first = outside.reduce((least, { first }) => Math.min(least, first), Infinity);
  const last = outside.reduce((most, { last }) => Math.max(most, last), -Infinity);
  return `${counted(outside.length, "value")} not seen, but held by events outside this range: ` +
    `${outside.slice(0, SHOWN).map(({ value }) => printable(value)).join(", ")}${more}; ` +
    `ask with --from ${formatTime(first)} --to ${formatTime(Math.ceil(last))}`;
}

/** Says what contains a value that was not seen, and which addresses in it were. */
function nearText({ value, within, addresses }: AnsweredValue): readonly string[] {
  const text = (what: string, found: readonly FoundAttribute[]) =>
    found.length === 0 ? [] : [
      `${printable(value)} was not seen, but events hold ${what}: ` +
      found.slice(0, SHOWN_NEAR).map((each) =>
        `${nameText(each)} (${counted(each.events, "event")})`
      ).join(", ") + (found.length > SHOWN_NEAR ? ` and ${found.length - SHOWN_NEAR} more` : ""),
    ];
  return [...text("what contains it", within), ...text("addresses in it", addresses)];
}

/** Names networks that no event holds, and says what does not count for them. */
function networksText(values: readonly string[]): string {
  const more = values.length > SHOWN ? " …" : "";
  return `${counted(values.length, "network")} not seen: ` +
    `${values.slice(0, SHOWN).map((value) => printable(value)).join(", ")}${more}; ` +
    "events that hold only addresses in a network do not count: ask for each address";
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
