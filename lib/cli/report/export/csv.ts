import { stringify } from "csv-stringify/sync";
import { printable } from "../../../printable.ts";
import type { Report } from "../../../tahoe/instance.ts";
import { writeJson } from "../../../tahoe/json.ts";
import type { Value } from "../../../tahoe/value.ts";
import { type Answered, evidenceOf, listed, type Ranked, summarised } from "../answered.ts";
import { isoTime } from "./iso_time.ts";

/** What is a number here is our own; what comes from outside is text. */
type Cell = string | number | undefined;

/**
 * The answer as RFC 4180 has it, with a head. Texts that a spreadsheet would take for a formula get
 * an apostrophe in front; control characters other than tabs and line ends are written `\u001b`.
 */
export function csv(answered: Answered): string {
  return stringify(rowsOf(answered).map((row) => row.map(plain)), {
    record_delimiter: "windows",
    // Leaves negative numbers alone.
    escape_formulas: true,
  });
}

function plain(cell: Cell): Cell {
  return typeof cell === "string" ? cell.replace(/[^\t\r\n]+/g, printable) : cell;
}

function rowsOf(answered: Answered): Cell[][] {
  switch (answered.qtype) {
    case "count": {
      const { asked: { sub_type, data }, report } = answered;
      return [["sub_type", "data", "count"], [sub_type, textOf(data), Number(report.data)]];
    }
    case "related":
      return relatedRows(answered.report);
    case "threatrank":
      return [
        ["hash", "sub_type", "time", "category", "threatrank", "least", "most", "flags"],
        ...answered.ranks.map(rankRow),
      ];
  }
}

function relatedRows(report: Report): Cell[][] {
  const instances = listed(report);
  if (instances !== undefined) {
    const rows = instances.map((instance) => {
      const { itype, sub_type, data, _hash } = instance;
      const seen = instance.itype === "event"
        ? [isoTime(instance.timestamp), instance.category]
        : [undefined, undefined];
      return [itype, sub_type, ...seen, textOf(data), _hash];
    });
    return [["itype", "sub_type", "time", "category", "data", "hash"], ...rows];
  }
  const entries = summarised(report);
  const paths = entries.some(({ path }) => path !== undefined);
  return [
    ["sub_type", "data", ...paths ? ["path"] : []],
    ...entries.map(({ subType, data, path }) => [
      subType,
      textOf(data),
      ...path === undefined ? [] : [path.join(" > ")],
    ]),
  ];
}

function rankRow({ hash, event, report }: Ranked): Cell[] {
  const { flags = [], bounds } = evidenceOf(report, hash);
  return [
    hash,
    event?.sub_type,
    event && isoTime(event.timestamp),
    event?.category,
    Number(report.data),
    bounds?.least,
    bounds?.most,
    flags.join(" "),
  ];
}

/** Texts as they are, other values as JSON. */
function textOf(value: Value): string {
  return typeof value === "string" ? value : writeJson(value);
}
