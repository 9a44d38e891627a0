import { isoTime } from "../../lib/answers/export/iso_time.ts";
import { valueText } from "../../lib/answers/value_text.ts";
import { printable } from "../../lib/printable.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import type { CsvField, CsvTable } from "../csv.ts";
import { listOf, numberOf, objectOf, scalarOf } from "../read/fields.ts";

const COUNTS = ["events", "malicious", "benign", "unknown"] as const;
const TIMES = ["first_seen", "last_seen"] as const;

/** The rows of a look-up as a table, with the columns that `report lookup --csv` gives most of. */
export function listTable(rows: readonly Fields[]): CsvTable {
  return {
    columns: ["value", "sub_type", "data", ...COUNTS, ...TIMES, "organisations", "reason"],
    rows: rows.map((row) => {
      const { sub_type, data } = objectOf(row["asked"]);
      return [
        text(row["value"]),
        text(sub_type),
        data === undefined ? undefined : printable(valueText(scalarOf(data))),
        ...COUNTS.map((name) => numberOf(row[name])),
        ...TIMES.map((name) => time(numberOf(row[name]))),
        listOf(row["organisations"]).join(" "),
        text(row["reason"]),
      ];
    }),
  };
}

function text(value: Value | undefined): CsvField {
  return typeof value === "string" ? printable(value) : undefined;
}

function time(seconds: number | undefined): CsvField {
  return seconds === undefined ? undefined : isoTime(seconds);
}
