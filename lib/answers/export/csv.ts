import { stringify } from "csv-stringify/sync";
import { printable } from "../../printable.ts";
import type {
  AnswerContent,
  ConnectedAttribute,
  CountContent,
  RankContent,
} from "../answer_content.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { ListedInstance } from "../read_report.ts";
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
  return stringify(
    withQuestion(rowsOf(content), content.question).map((row) => row.map(escapeControls)),
    {
      record_delimiter: "windows",
      // Leaves negative numbers alone.
      escape_formulas: true,
    },
  );
}

/**
 * Repeats the question in a last column, if there is one. Where nothing was found, the name of that
 * column says it: a row without values would be counted as a result.
 */
function withQuestion(
  [head, ...rows]: CsvField[][],
  question: string | undefined,
): CsvField[][] {
  if (question === undefined) return [head!, ...rows];
  if (rows.length === 0) return [[...head!, `question: ${question}`]];
  return [[...head!, "question"], ...rows.map((row) => [...row, question])];
}

function escapeControls(field: CsvField): CsvField {
  return typeof field === "string" ? field.replace(/[^\t\r\n]+/g, printable) : field;
}

function rowsOf(content: AnswerContent): CsvField[][] {
  switch (content.kind) {
    case "count":
      return countRows(content);
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

function countRows({ asked: { sub_type, data }, count, details }: CountContent): CsvField[][] {
  if (details === undefined) {
    return [["sub_type", "data", "count"], [sub_type, valueText(data), Number(count)]];
  }
  const { histogram, question, first_seen, last_seen } = details;
  if (Array.isArray(histogram)) {
    const rows = (histogram as readonly Fields[]).map(({ label, start, events }) => [
      String(label),
      isoTime(Number(start)),
      Number(events),
    ]);
    return [[String(question["by"]), "start", "count"], ...rows];
  }
  const seen = [first_seen, last_seen].map((time) =>
    time === undefined ? undefined : isoTime(time)
  );
  return [
    ["sub_type", "data", "count", "first_seen", "last_seen"],
    [sub_type, valueText(data), Number(count), ...seen],
  ];
}

function summaryRows(attributes: readonly ConnectedAttribute[]): CsvField[][] {
  const hasEvents = attributes.some(({ events }) => events !== undefined);
  const hasPaths = attributes.some(({ path }) => path !== undefined);
  return [
    ["sub_type", "data", ...(hasEvents ? ["events"] : []), ...(hasPaths ? ["path"] : [])],
    ...attributes.map(({ attribute: { sub_type, data }, events, path }) => [
      sub_type,
      valueText(data),
      ...(hasEvents ? [events] : []),
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

function rankRow(content: RankContent): CsvField[] {
  const { hash, event, rank, isMalicious, evidence: { flags = [], bounds } } = content;
  return [
    hash,
    event?.sub_type,
    event && isoTime(event.timestamp),
    event?.category ?? (isMalicious ? "malicious" : undefined),
    rank,
    bounds?.least,
    bounds?.most,
    flags.join(" "),
  ];
}
