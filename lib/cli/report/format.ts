import type { Hash, Report } from "../../tahoe/instance.ts";
import { writeJson } from "../../tahoe/json.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import { table } from "../table.ts";
import { formatTime } from "../time.ts";
import {
  evidenceOf,
  listed,
  type ListedInstance,
  type RankedEvent,
  summarised,
  type SummaryEntry,
} from "./answered.ts";

/** Characters of a text that a table shows. */
const SHOWN = 80;

export function formatCount({ data }: Report, subType: string, text: string): string {
  return `${subType} ${text}: ${data === 1n ? "1 event" : `${data} events`}`;
}

export function formatRelated(report: Report): string {
  const { current_page, next_page } = report;
  const instances = listed(report);
  const rows = instances?.map(instanceRow) ?? summarised(report).map(entryRow);
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
    shortened(writeJson(instance.data)),
    instance._hash,
  ];
}

function entryRow({ subType, data, path }: SummaryEntry): string[] {
  return [subType, shown(data), ...path === undefined ? [] : [path.join(" – ")]];
}

export function formatRank(report: Report, event: Hash, explain: boolean): string {
  const lines = [`ThreatRank ${rankOf(report, event)}`];
  if (explain) lines.push("", formatPaths(report, event));
  return lines.join("\n");
}

export function formatRanks(ranks: readonly RankedEvent[], explain: boolean): string {
  if (ranks.length === 0) return "Seen in no event";
  const rows = ranks.map(({ event, report }) => [
    formatTime(event.timestamp),
    event.sub_type,
    event.category,
    rankOf(report, event._hash),
    event._hash,
  ]);
  const lines = [table(["time", "event", "category", "ThreatRank", "hash"], rows)];
  for (const { event, report } of explain ? ranks : []) {
    lines.push("", event._hash, formatPaths(report, event._hash));
  }
  return lines.join("\n");
}

/** The number, and what makes it less than exact. */
function rankOf(report: Report, event: Hash): string {
  const { flags = [], bounds } = evidenceOf(report, event);
  const rank = Number(report.data).toPrecision(4).replace(/\.?0+$/, "");
  const range = bounds === undefined ? [] : [`between ${bounds.least} and ${bounds.most}`];
  const doubts = [...flags.filter((flag) => flag !== "evidence_cut"), ...range];
  return doubts.length === 0 ? rank : `${rank} (${doubts.join(", ")})`;
}

function formatPaths(report: Report, event: Hash): string {
  const { paths = [] } = evidenceOf(report, event);
  if (paths.length === 0) return "No path leads to a malicious event";
  const rows = paths.map(({ weight, share, nodes }) => [
    Number(weight).toPrecision(3),
    `${(Number(share) * 100).toFixed(1)} %`,
    (nodes as readonly Fields[]).map(nodeText).join(" – "),
  ]);
  return table(["weight", "share", "path"], rows);
}

/** An attribute by its data, an event by its kind and the beginning of its hash. */
function nodeText({ label, data, _hash }: Fields): string {
  const [subType] = String(label).split("=");
  return `${subType} ${data === undefined ? String(_hash).slice(0, 8) : shown(data)}`;
}

/** Texts as they are, other values as JSON; the beginning, if that is long. */
export function shown(value: Value): string {
  return shortened(typeof value === "string" ? value : writeJson(value));
}

function shortened(text: string): string {
  const characters = [...text.slice(0, 2 * SHOWN)];
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN - 1).join("")}…` : text;
}
