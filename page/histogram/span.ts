import type { CountedInterval } from "../answer.ts";
import { counted } from "../numbers.ts";

/** Some of the intervals of a histogram: from one index on, up to and including another. */
export type Span = { readonly first: number; readonly last: number };

/** Fewest intervals that zooming leaves. */
const FEWEST = 3;

/** The span that shows every interval. */
export function wholeSpan({ length }: readonly CountedInterval[]): Span {
  return { first: 0, last: length - 1 };
}

/** A span of about `factor` times the length around an interval, no longer than `whole`. */
export function zoomedSpan(
  { first, last }: Span,
  { factor, at, whole }: { readonly factor: number; readonly at: number; readonly whole: Span },
): Span {
  const length = Math.max(FEWEST, Math.round((last - first + 1) * factor));
  if (length > whole.last) return whole;
  const start = Math.round(at - (length - 1) / 2);
  return shifted({ first: start, last: start + length - 1 }, whole);
}

/** The span moved so that it contains an interval. */
export function spanWith(span: Span, index: number, whole: Span): Span {
  const by = index < span.first ? index - span.first : Math.max(0, index - span.last);
  return by === 0 ? span : shifted({ first: span.first + by, last: span.last + by }, whole);
}

function shifted({ first, last }: Span, whole: Span): Span {
  const by = first < whole.first ? whole.first - first : Math.min(0, whole.last - last);
  return { first: first + by, last: last + by };
}

/** Says which intervals a span shows, and how many events they have. */
export function spanText(intervals: readonly CountedInterval[], span: Span, by: string): string {
  const shown = intervals.slice(span.first, span.last + 1);
  const events = shown.reduce((sum, interval) => sum + interval.events, 0);
  const [from, to] = [shown[0]?.label, shown.at(-1)?.label];
  const range = from === to ? from : `${from} to ${to}`;
  const of = shown.length === intervals.length ? "" : ` of ${intervals.length}`;
  return `${range}: ${counted(events, "event")} in ${shown.length}${of} ${
    counted(intervals.length, by).replace(/^\S+ /, "")
  }`;
}
