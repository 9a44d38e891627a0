import type { Hash, Report } from "../../tahoe/instance.ts";
import { writeJson } from "../../tahoe/json.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import { table } from "../table.ts";
import { formatTime } from "../time.ts";
import {
  evidenceOf,
  type ListedInstance,
  listedInstances,
  type RankedEvent,
  type SummaryAttribute,
  summaryAttributes,
} from "./answer_content.ts";
import { valueText } from "./value_text.ts";

/** Most characters of a value that a table shows. */
const MAX_CHARACTERS = 80;

export function formatCount({ data }: Report, subType: string, text: string): string {
  return `${subType} ${text}: ${data === 1n ? "1 event" : `${data} events`}`;
}

export function formatRelated(report: Report): string {
  const { current_page, next_page } = report;
  const instances = listedInstances(report);
  const rows = instances?.map(instanceRow) ?? summaryAttributes(report).map(attributeRow);
  if (rows.length === 0) return "Nothing found";
  const head = instances !== undefined
    ? ["itype", "sub_type", "time", "data", "hash"]
    : ["sub_type", "data", ...rows[0]!.slice(2).map(() => "connected by")];
  const more = next_page > current_page ? `, --page ${next_page} shows the next` : "";
  return `${table(head, rows)}\n\nPage ${current_page}${more}`;
}

function instanceRow(instance: ListedInstance): string[] {
  return [
    instance.itype,
    instance.sub_type,
    instance.itype === "event" ? formatTime(instance.timestamp) : "-",
    truncate(writeJson(instance.data)),
    instance._hash,
  ];
}

function attributeRow({ subType, data, path }: SummaryAttribute): string[] {
  return [subType, formatValue(data), ...(path === undefined ? [] : [path.join(" – ")])];
}

type RankOptions = {
  /** Whether to add the heaviest paths. */
  readonly explain: boolean;
};

export function formatRank(report: Report, event: Hash, { explain }: RankOptions): string {
  const lines = [`ThreatRank ${rankText(report, event)}`];
  if (explain) lines.push("", formatPaths(report, event));
  return lines.join("\n");
}

export function formatRanks(ranks: readonly RankedEvent[], { explain }: RankOptions): string {
  if (ranks.length === 0) return "Not seen in any event";
  const rows = ranks.map(({ event, report }) => [
    formatTime(event.timestamp),
    event.sub_type,
    event.category,
    rankText(report, event._hash),
    event._hash,
  ]);
  const lines = [table(["time", "event", "category", "ThreatRank", "hash"], rows)];
  for (const { event, report } of explain ? ranks : []) {
    lines.push("", event._hash, formatPaths(report, event._hash));
  }
  return lines.join("\n");
}

/** Writes the rank and, in parentheses, what makes it inexact. */
function rankText(report: Report, event: Hash): string {
  const { flags = [], bounds } = evidenceOf(report, event);
  const rank = Number(report.data).toPrecision(4).replace(/\.?0+$/, "");
  const range = bounds === undefined ? [] : [`between ${bounds.least} and ${bounds.most}`];
  const doubts = [...flags.filter((flag) => flag !== "evidence_cut"), ...range];
  return doubts.length === 0 ? rank : `${rank} (${doubts.join(", ")})`;
}

function formatPaths(report: Report, event: Hash): string {
  const { paths = [] } = evidenceOf(report, event);
  if (paths.length === 0) return "No path leads here from a malicious event";
  const rows = paths.map(({ weight, share, nodes }) => [
    Number(weight).toPrecision(3),
    `${(Number(share) * 100).toFixed(1)} %`,
    (nodes as readonly Fields[]).map(formatNode).join(" – "),
  ]);
  return table(["weight", "share", "path"], rows);
}

/** Writes an attribute with its data, and an event with the beginning of its hash. */
function formatNode({ label, data, _hash }: Fields): string {
  const [subType] = String(label).split("=");
  return `${subType} ${data === undefined ? String(_hash).slice(0, 8) : formatValue(data)}`;
}

/**
 * Writes a value for people: strings as they are, other values as JSON; long ones are truncated.
 */
export function formatValue(value: Value): string {
  return truncate(valueText(value));
}

function truncate(text: string): string {
  const characters = [...text.slice(0, 2 * MAX_CHARACTERS)];
  if (characters.length <= MAX_CHARACTERS) return text;
  return `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…`;
}
