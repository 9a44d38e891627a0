import { type SummaryAttribute, summaryAttributes } from "../../lib/answers/read_report.ts";
import type { Report } from "../../lib/tahoe/instance.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import type { NamedValue, PageAnswer, PageGroup, RelatedValue } from "../answer.ts";
import { listOf, objectOf, objectsOf } from "./fields.ts";
import { listMembers, readEvent } from "./read_event.ts";
import { readFound } from "./read_question.ts";

/** Identifies a value on the page. */
export function valueKey({ subType, data }: NamedValue): string {
  return `${subType} ${writeJson(data)}`;
}

/**
 * Reads the values of an answer on related data: those of a summary with their paths, all with the
 * number of events that hold them, those in most events first.
 */
export function readRelated(
  data: Value | undefined,
  { attributes }: Fields,
): Pick<PageAnswer, "related"> {
  const counted = readFound(attributes);
  const summary = summaryAttributes({ data } as unknown as Report);
  if (summary.length === 0 && counted.length === 0) return {};
  const values = summary.length === 0 ? counted : withCounts(summary, counted);
  return { related: values.toSorted((a, b) => (b.events ?? 0) - (a.events ?? 0)) };
}

function withCounts(
  summary: readonly SummaryAttribute[],
  counted: readonly RelatedValue[],
): RelatedValue[] {
  const events = new Map(counted.map((value) => [valueKey(value), value.events]));
  return summary.map((value) => {
    const number = events.get(valueKey(value));
    return { ...value, ...(number !== undefined && { events: number }) };
  });
}

/** Reads the events, sessions and objects of a listing; nothing if the data is a summary. */
export function readListed(data: Value | undefined): Pick<PageAnswer, "events" | "groups"> {
  if (!Array.isArray(data)) return {};
  const instances = objectsOf(data);
  const events = instances.filter(({ itype }) => itype === "event").map(readEvent);
  const groups = instances.filter(({ itype }) => itype === "session" || itype === "object")
    .map(readGroup);
  return { ...(events.length > 0 && { events }), ...(groups.length > 0 && { groups }) };
}

function readGroup({ _hash, itype, sub_type, data, _ref }: Fields): PageGroup {
  return {
    hash: String(_hash),
    itype: String(itype),
    subType: String(sub_type),
    members: listMembers(objectOf(data)),
    references: new Set(listOf(_ref).map(String)),
  };
}
