import { isoTime } from "../../lib/answers/export/iso_time.ts";
import { nameText } from "../../lib/answers/lookup_row.ts";
import { valueText } from "../../lib/answers/value_text.ts";
import { printable } from "../../lib/printable.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import type { CsvField, CsvTable } from "../csv.ts";
import { listOf, numberOf, objectOf, objectsOf, scalarOf } from "../read/fields.ts";
import { readName } from "./sightings.ts";

const COUNTS = ["events", "malicious", "benign", "unknown"] as const;
const TIMES = ["first_seen", "last_seen"] as const;
const RANGE = ["from", "to"] as const;
const NEAR = ["within", "addresses"] as const;

/** The rows of a look-up as a table, with the columns of `report lookup --csv` but ThreatRanks. */
export function listTable(rows: readonly Fields[]): CsvTable {
  const about = ["value", "sub_type", "data", "found", ...COUNTS, ...TIMES, "organisations"];
  const columns = [...about, "reason", ...RANGE, "outside", ...NEAR, "advice"];
  return { columns, rows: rows.map(tableRow) };
}

function tableRow(row: Fields): CsvField[] {
  const { sub_type, data } = objectOf(row["asked"]);
  return [
    text(row["value"]),
    text(sub_type),
    data === undefined ? undefined : printable(valueText(scalarOf(data))),
    names(row["found"]),
    ...COUNTS.map((name) => numberOf(row[name])),
    ...TIMES.map((name) => time(numberOf(row[name]))),
    listOf(row["organisations"]).join(" "),
    text(row["reason"]),
    ...RANGE.map((name) => time(numberOf(row[name]))),
    numberOf(row["outside"]),
    ...NEAR.map((name) => names(row[name])),
    text(row["advice"]),
  ];
}

function names(values: Value | undefined): CsvField {
  return objectsOf(values).map((fields) => printable(nameText(readName(fields)))).join("; ");
}

function text(value: Value | undefined): CsvField {
  return typeof value === "string" ? printable(value) : undefined;
}

function time(seconds: number | undefined): CsvField {
  return seconds === undefined ? undefined : isoTime(seconds);
}
