import { stringify } from "csv-stringify/sync";
import { printable } from "../../../printable.ts";
import type {
  AnswerContent,
  ConnectedAttribute,
  ListedInstance,
  RankContent,
} from "../answer_content.ts";
import { valueText } from "../value_text.ts";
import { isoTime } from "./iso_time.ts";

/** A field of a row. Numbers are always our own; data from outside is a string. */
type CsvField = string | number | undefined;

/**
 * Writes an answer as CSV (RFC 4180) with a header. A string that a spreadsheet would take for a
 * formula gets an apostrophe in front. Control characters other than tabs and line ends are written
 * as `\u001b`.
 */
export function writeCsv(content: AnswerContent): string {
  return stringify(rowsOf(content).map((row) => row.map(escapeControls)), {
    record_delimiter: "windows",
    // Leaves negative numbers alone.
    escape_formulas: true,
  });
}

function escapeControls(field: CsvField): CsvField {
  return typeof field === "string" ? field.replace(/[^\t\r\n]+/g, printable) : field;
}

function rowsOf(content: AnswerContent): CsvField[][] {
  switch (content.kind) {
    case "count": {
      const { asked: { sub_type, data }, count } = content;
      return [["sub_type", "data", "count"], [sub_type, valueText(data), Number(count)]];
    }
    case "summary":
      return summaryRows(content.attributes);
    case "listing":
      return [
        ["itype", "sub_type", "time", "category", "data", "hash"],
        ...content.instances.map(instanceRow),
      ];
    case "ranks":
      return [
        ["hash", "sub_type", "time", "category", "threatrank", "least", "most", "flags"],
        ...content.ranks.map(rankRow),
      ];
  }
}

function summaryRows(attributes: readonly ConnectedAttribute[]): CsvField[][] {
  const hasPaths = attributes.some(({ path }) => path !== undefined);
  return [
    ["sub_type", "data", ...(hasPaths ? ["path"] : [])],
    ...attributes.map(({ attribute: { sub_type, data }, path }) => [
      sub_type,
      valueText(data),
      ...(path === undefined ? [] : [path.join(" > ")]),
    ]),
  ];
}

function instanceRow(instance: ListedInstance): CsvField[] {
  const { itype, sub_type, data, _hash } = instance;
  const [time, category] = instance.itype === "event"
    ? [isoTime(instance.timestamp), instance.category]
    : [];
  return [itype, sub_type, time, category, valueText(data), _hash];
}

function rankRow({ hash, event, rank, evidence: { flags = [], bounds } }: RankContent): CsvField[] {
  return [
    hash,
    event?.sub_type,
    event && isoTime(event.timestamp),
    event?.category,
    rank,
    bounds?.least,
    bounds?.most,
    flags.join(" "),
  ];
}
