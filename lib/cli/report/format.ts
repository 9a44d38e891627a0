import { printable } from "../../printable.ts";
import { attribute } from "../../tahoe/attribute.ts";
import type { Attribute, Event, Hash, Report } from "../../tahoe/instance.ts";
import { writeJson } from "../../tahoe/json.ts";
import type { Fields } from "../../tahoe/value.ts";
import { counted } from "../../counted.ts";
import { PAGE_SIZE } from "../../graph/related.ts";
import { table } from "../table.ts";
import { formatTime } from "../../time.ts";
import type { RankedEvent } from "../../answers/answer_content.ts";
import { detailLines, seenLines } from "../../answers/answer_details.ts";
import { eventCounts } from "../../answers/event_counts.ts";
import {
  evidenceOf,
  isMaliciousItself,
  type ListedInstance,
  listedInstances,
  type SummaryAttribute,
  summaryAttributes,
} from "../../answers/read_report.ts";
import { valueText } from "../../answers/value_text.ts";

export function formatCount({ data, details }: Report, asked: Attribute): string {
  const name = printable(`${asked.sub_type} ${valueText(asked.data)}`);
  const lines = [`${name}: ${counted(data as bigint, "event")}`];
  if (details === undefined) return lines.join("\n");
  lines.push(...seenLines(details), ...detailLines(details));
  const { histogram, question } = details;
  if (Array.isArray(histogram)) lines.push("", formatHistogram(String(question["by"]), histogram));
  return lines.join("\n");
}

function formatHistogram(by: string, intervals: readonly Fields[]): string {
  if (intervals.length === 0) return `No ${by} to show: there are no events`;
  const rows = intervals.map(({ label, events }) => [String(label), Number(events)]);
  return table([by, "events"], rows);
}

export function formatRelated(report: Report): string {
  const { details } = report;
  const instances = listedInstances(report);
  const events = eventCounts(details);
  const rows = instances?.map(instanceRow) ??
    summaryAttributes(report).map((each) => attributeRow(each, events));
  const lines = details === undefined ? [] : ["", ...detailLines(details)];
  if (rows.length === 0) return [missingPage(report) ?? "Nothing found", ...lines].join("\n");
  const head = instances !== undefined
    ? ["itype", "sub_type", "time", "data", "hash"]
    : ["sub_type", "data", "events", "connected by"].slice(0, rows[0]!.length);
  return [table(head, rows), "", pageText(report), ...lines].join("\n");
}

/** Says which page this is and, if it is not the only one, of which events. */
function pageText({ current_page, next_page, details }: Report): string {
  const more = next_page > current_page ? `--page ${next_page} shows the next` : undefined;
  if (details === undefined) return [`Page ${current_page}`, more].filter(Boolean).join(", ");
  const { pages, events } = details;
  if (pages === 1n) return "Page 1 of 1";
  const first = (current_page - 1n) * BigInt(PAGE_SIZE) + 1n;
  const last = first + BigInt(PAGE_SIZE) - 1n;
  const held = `what events ${first} to ${last < events ? last : events} of ${events} hold`;
  return [`Page ${current_page} of ${pages}: ${held}, newest first`, more].filter(Boolean).join(
    "; ",
  );
}

/** Says that there is no such page, and which there are; undefined if there is, or nothing was found. */
export function missingPage({ current_page, details }: Report): string | undefined {
  if (details === undefined || details.events === 0n) return undefined;
  const { pages, events } = details;
  if (BigInt(current_page) <= pages!) return undefined;
  const range = pages === 1n ? "there is only page 1" : `there are the pages 1 to ${pages}`;
  return `There is no page ${current_page}: ${range}, with ${counted(events, "event")}`;
}

function instanceRow(instance: ListedInstance): string[] {
  return [
    instance.itype,
    instance.sub_type,
    instance.itype === "event" ? formatTime(instance.timestamp) : "-",
    writeJson(instance.data),
    instance._hash,
  ];
}

function attributeRow(
  { subType, data, path }: SummaryAttribute,
  events: ReadonlyMap<string, number>,
): (string | number)[] {
  const number = events.get(attribute(subType, data)._hash);
  return [
    subType,
    valueText(data),
    ...(number === undefined ? ["-"] : [number]),
    ...(path === undefined ? [] : [path.join(" – ")]),
  ];
}

/** Digits of a hash that a screen has room for in a path. */
export const HASH_START = 8;

type RankOptions = {
  /** Whether to add the heaviest paths. */
  readonly explain: boolean;
};

type EventOptions = RankOptions & {
  /** The event, if it could be read. */
  readonly event?: Event;
  /** Names of organisations by hash. */
  readonly organisations: ReadonlyMap<Hash, string>;
};

/** Formats the rank of one event, which was asked for by its hash. */
export function formatRank(
  report: Report,
  hash: Hash,
  { explain, event, organisations }: EventOptions,
): string {
  const lines = [`ThreatRank ${rankText(report, hash)}`];
  if (explain) lines.push("", formatPaths(report, hash));
  lines.push("", `Asked       event ${hash}`);
  if (event !== undefined) lines.push(`Found       ${eventText(event, organisations)}`);
  const { now } = evidenceOf(report, hash);
  if (now !== undefined) lines.push(`Ages        at ${formatTime(Number(now))}`);
  return lines.join("\n");
}

function eventText(
  { sub_type, timestamp, category, orgid }: Event,
  organisations: ReadonlyMap<Hash, string>,
): string {
  const organisation = printable(organisations.get(orgid) ?? orgid);
  return `${sub_type}, ${category}, at ${formatTime(timestamp)}, reported by ${organisation}`;
}

/** Formats the ranks of the events that a report on related data lists. */
export function formatRanks(
  { details }: Report,
  ranks: readonly RankedEvent[],
  { explain }: RankOptions,
): string {
  const about = details === undefined ? [] : ["", ...detailLines(details)];
  if (ranks.length === 0) return ["Not seen in any event", ...about].join("\n");
  const rows = ranks.map(({ event, report }) => [
    formatTime(event.timestamp),
    event.sub_type,
    event.category,
    rankText(report, event._hash),
    event._hash,
  ]);
  const lines = [table(["time", "event", "category", "ThreatRank", "hash"], rows)];
  // What is malicious itself needs no path, as the table says.
  const explained = ranks.filter(({ event, report }) => !isMaliciousItself(report, event._hash));
  for (const { event, report } of explain ? explained : []) {
    lines.push("", event._hash, formatPaths(report, event._hash));
  }
  return [...lines, ...about].join("\n");
}

/** Writes the rank and, in parentheses, what makes it inexact. */
function rankText(report: Report, event: Hash): string {
  const { flags = [], bounds } = evidenceOf(report, event);
  const rank = Number(report.data).toPrecision(4).replace(/\.?0+$/, "");
  if (isMaliciousItself(report, event)) return `${rank}: the event is malicious itself`;
  const range = bounds === undefined ? [] : [`between ${bounds.least} and ${bounds.most}`];
  const doubts = [...flags.filter((flag) => flag !== "evidence_cut"), ...range];
  return doubts.length === 0 ? rank : `${rank} (${doubts.join(", ")})`;
}

function formatPaths(report: Report, event: Hash): string {
  const { paths = [] } = evidenceOf(report, event);
  if (isMaliciousItself(report, event)) return "No path is needed: the event is malicious itself";
  if (paths.length === 0) return "No path leads here from a malicious event";
  const rows = paths.map(({ weight, share, nodes }) => [
    Number(weight).toPrecision(3),
    `${(Number(share) * 100).toFixed(1)} %`,
    (nodes as readonly Fields[]).map(formatNode).join(" – "),
  ]);
  const text = table(["weight", "share", "path"], rows);
  if (!Deno.stdout.isTerminal()) return text;
  return `${text}\n\nEvents by the first digits of their hash; --json has all 64, which ` +
    "report query threatrank takes";
}

/** Writes an attribute with its data, and an event with its hash: on a screen only its beginning. */
function formatNode({ label, data, _hash }: Fields): string {
  const [subType] = String(label).split("=");
  if (data !== undefined) return `${subType} ${valueText(data)}`;
  const hash = String(_hash);
  return `${subType} ${Deno.stdout.isTerminal() ? hash.slice(0, HASH_START) : hash}`;
}
