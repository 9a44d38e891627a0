import { type Cell, table } from "../../table.ts";
import { formatTime } from "../../../time.ts";
import {
  type AnsweredValue,
  isUnread,
  type LookupRow,
  nameText,
} from "../../../answers/lookup_row.ts";

type Column = {
  readonly head: string;
  readonly cell: (row: AnsweredValue) => Cell;
};

const COLUMNS: readonly Column[] = [
  { head: "taken for", cell: takenFor },
  { head: "events", cell: ({ sightings }) => sightings.events },
  { head: "malicious", cell: ({ sightings }) => sightings.malicious },
  { head: "benign", cell: ({ sightings }) => sightings.benign },
  { head: "unknown", cell: ({ sightings }) => sightings.unknown },
  { head: "first seen", cell: ({ sightings }) => formatTime(sightings.first) },
  { head: "last seen", cell: ({ sightings }) => formatTime(sightings.last) },
  { head: "organisations", cell: ({ organisations }) => organisations.join(", ") || null },
];

const RANK_COLUMN: Column = { head: "ThreatRank", cell: rankText };

/** Formats rows as a table. Unreadable values have a reason in a column that only they need. */
export function formatRows(
  rows: readonly LookupRow[],
  { isRanked }: { readonly isRanked: boolean },
): string {
  const columns = isRanked ? [...COLUMNS, RANK_COLUMN] : COLUMNS;
  const hasReasons = rows.some(isUnread);
  const head = ["value", ...columns.map(({ head }) => head), ...(hasReasons ? ["reason"] : [])];
  return table(
    head,
    rows.map((row) => [
      row.value,
      ...columns.map(({ cell }) => isUnread(row) ? null : cell(row)),
      ...(hasReasons ? [isUnread(row) ? row.reason : null] : []),
    ]),
  );
}

/** What the value was taken for, and the attributes that were found if they are other ones. */
function takenFor({ value, asked, found }: AnsweredValue): string {
  const taken = asked.data === value ? asked.subType : nameText(asked);
  const isFoundAsAsked = found.length === 1 && nameText(found[0]!) === nameText(asked);
  if (found.length === 0 || isFoundAsAsked) return taken;
  return `${taken}, found as ${found.map(nameText).join(", ")}`;
}

/** The rank in four digits and, in parentheses, what makes it inexact. */
function rankText({ rank }: AnsweredValue): string | null {
  if (rank === undefined) return null;
  const text = String(Number(rank.rank.toPrecision(4)));
  const doubts = rank.flags.filter((flag) => flag !== "evidence_cut");
  return doubts.length === 0 ? text : `${text} (${doubts.join(", ")})`;
}
