import { DateTime } from "luxon";
import { printable } from "../printable.ts";
import { attribute } from "../tahoe/attribute.ts";
import type { Attribute, Details, Report } from "../tahoe/instance.ts";
import { writeJson } from "../tahoe/json.ts";
import type { Fields, Scalar } from "../tahoe/value.ts";
import type { AttributeQuery } from "../tdql/query.ts";
import { counted } from "../counted.ts";
import { formatTime } from "../time.ts";
import { valueText } from "./value_text.ts";

/** Fields of query data that the first words of a question say, or that only machines need. */
const SAID_FIRST: ReadonlySet<string> = new Set(["sub_type", "data", "match"]);

/** Fields of query data that set a range. */
const RANGE_FIELDS = ["from", "to", "last"] as const;

/** Addresses in a network that a line names. */
const SHOWN_NAMES = 10;

/** Characters of a date in ISO 8601. */
const DATE = "2026-01-31".length;

/** Fields of query data that select events. */
const SELECTING = ["from", "to", "last", "category", "context"] as const;

/** The attribute in the middle of an answer: the first one that was found, or the normal form. */
export function centralAttribute({ asked }: AttributeQuery, { details }: Report): Attribute {
  const [found] = details?.found ?? [];
  if (found === undefined) return attribute(asked.subType, asked.data);
  return attribute(String(found["sub_type"]), found["data"] as Scalar);
}

/** Repeats in one line what was asked, what of it was found, and in which range. */
export function questionText(qtype: string, details: Details): string {
  const limits = questionLimits(details.question);
  return [
    `${qtype} ${attributeText(details.question)}`,
    `found as ${foundText(details)}`,
    ...(limits === "" ? [] : [limits]),
    rangeText(details),
  ].join("; ");
}

/** Fields of the question, without those that say which attribute is asked. */
export function questionFilter(question: Fields): Fields {
  return Object.fromEntries(Object.entries(question).filter(([name]) => !SAID_FIRST.has(name)));
}

function questionLimits(question: Fields): string {
  // The range says the time zone.
  return Object.entries(questionFilter(question)).filter(([name]) => name !== "tzname")
    .map(([name, value]) => `${name} ${valueText(value)}`).join(", ");
}

/** Lines that say which attributes were counted, and in which range. */
export function detailLines(details: Details): string[] {
  return [
    `Asked       ${printable(attributeText(details.asked))}`,
    `Found       ${printable(foundText(details))}`,
    `Range       ${rangeText(details)}`,
  ];
}

/** Lines that say when the events of a count were. */
export function seenLines({ first_seen, last_seen, range }: Details): string[] {
  if (first_seen === undefined || last_seen === undefined) return [];
  return [
    `First seen  ${timeIn(range, first_seen)}`,
    `Last seen   ${timeIn(range, last_seen)}`,
  ];
}

function attributeText({ sub_type, data }: Fields): string {
  return `${sub_type} ${valueText(data!)}`;
}

function foundText(details: Details): string {
  const { found } = details;
  if (found.length === 0) return nothingText(details);
  return countedNames(found);
}

/** Names and counts; a text is in quotes if there is a number that looks the same. */
function countedNames(names: readonly Fields[]): string {
  const texts = names.map(attributeText);
  return names.map((each, i) => {
    const isAmbiguous = texts.indexOf(texts[i]!) !== texts.lastIndexOf(texts[i]!);
    const name = isAmbiguous ? `${each["sub_type"]} ${writeJson(each["data"]!)}` : texts[i];
    return `${name} (${counted(each["events"] as bigint, "event")})`;
  }).join(", ");
}

/** The first names, and the number of the others. */
function firstNames(names: readonly Fields[]): string {
  const others = names.length - SHOWN_NAMES;
  return countedNames(names.slice(0, SHOWN_NAMES)) + (others > 0 ? ` and ${others} more` : "");
}

function nothingText({ question, range, outside, within, addresses, advice }: Details): string {
  const limits = SELECTING.filter((name) => question[name] !== undefined)
    .map((name) => ` ${limitText(name, valueText(question[name]!))}`).join("");
  const nothing = `nothing: no event${limits} holds it`;
  return [
    nothing,
    ...(outside === undefined ? [] : [outsideText(outside, range)]),
    ...(within === undefined ? [] : [`But events hold what contains it: ${countedNames(within)}`]),
    ...(addresses === undefined
      ? []
      : [`But events hold addresses in it: ${firstNames(addresses)}`]),
    ...(advice === undefined ? [] : [advice]),
  ].join(". ");
}

/** A condition in words, without the last moment of a day, and of the second in which a time ends. */
function limitText(name: typeof SELECTING[number], value: string): string {
  const text = value.replace(/ 23:59:59\.999999$/, "").replace(/(?<=\d)\.999999(?!\d)/, "");
  if (name === "last") return `of the last ${text}`;
  return name === "category" || name === "context" ? `of ${name} ${text}` : `${name} ${text}`;
}

/** Says which events are outside the range, and how to ask for them: dates in `--to` are whole days. */
function outsideText({ events, first_seen, last_seen }: Fields, range: Fields): string {
  const [first, last] = [first_seen, last_seen].map((time) => timeIn(range, Number(time)));
  return `But ${counted(events as bigint, "event")} outside this range, first ${first}, last ` +
    `${last}: ask with --from ${first!.slice(0, DATE)} --to ${last!.slice(0, DATE)}`;
}

function rangeText({ question, range }: Details): string {
  const { from, to } = range;
  if (RANGE_FIELDS.every((name) => (question[name] ?? "") === "") && typeof to === "number") {
    return `all time, up to now (${timeIn(range, to)}), time zone ${range["tzname"]}`;
  }
  const since = typeof from === "number" ? `from ${timeIn(range, from)}` : "from the first event";
  const until = typeof to === "number" ? `to ${timeIn(range, to)}` : "to the last event";
  return `${since} ${until}, time zone ${range["tzname"]}`;
}

/** Writes a time in the time zone of the question. */
function timeIn({ tzname }: Fields, seconds: number): string {
  if (tzname === "UTC") return formatTime(seconds);
  const time = DateTime.fromMillis(Math.floor(seconds) * 1000, { zone: String(tzname) });
  return time.toISO({ suppressMilliseconds: true }) ?? formatTime(seconds);
}
