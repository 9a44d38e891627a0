import { isoTime } from "../lib/answers/export/iso_time.ts";
import { valueText } from "../lib/answers/value_text.ts";
import { printable } from "../lib/printable.ts";
import type { PageAnswer, PageEvent, PageGroup, PageRank, RelatedValue } from "./answer.ts";
import type { CsvTable } from "./csv.ts";

/** The main table of an answer; undefined if it has none. */
export function answerTable(answer: PageAnswer): CsvTable | undefined {
  const { ranks, related, events, groups, histogram } = answer;
  if (ranks !== undefined) return rankTable(ranks);
  if (related !== undefined) return relatedTable(related);
  if (events !== undefined) return eventTable(events);
  if (groups !== undefined) return groupTable(groups);
  if (histogram === undefined) return undefined;
  const rows = histogram.intervals.map(({ label, start, events }) => [
    label,
    isoTime(start),
    events,
  ]);
  return { columns: [histogram.by, "start", "count"], rows };
}

function relatedTable(values: readonly RelatedValue[]): CsvTable {
  const rows = values.map(({ subType, data, events, path }) => [
    subType,
    // Control characters are escaped; tabs and line ends are data.
    valueText(data).replace(/[^\t\r\n]+/g, printable),
    events,
    path?.join(" > "),
  ]);
  return { columns: ["sub_type", "data", "events", "path"], rows };
}

function eventTable(events: readonly PageEvent[]): CsvTable {
  const rows = events.map(({ subType, time, category, hash }) => [
    subType,
    isoTime(time),
    category,
    hash,
  ]);
  return { columns: ["sub_type", "time", "category", "hash"], rows };
}

function groupTable(groups: readonly PageGroup[]): CsvTable {
  const rows = groups.map(({ itype, subType, hash }) => [itype, subType, hash]);
  return { columns: ["itype", "sub_type", "hash"], rows };
}

function rankTable(ranks: readonly PageRank[]): CsvTable {
  const rows = ranks.map(({ hash, event, rank, bounds, flags }) => [
    hash,
    event?.subType,
    event && isoTime(event.time),
    event?.category,
    rank,
    bounds?.least,
    bounds?.most,
    flags.join(" "),
  ]);
  const columns = "hash sub_type time category threatrank least most flags".split(" ");
  return { columns, rows };
}
