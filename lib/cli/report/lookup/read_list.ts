import type { Indicator } from "../../../indicators/recognise.ts";
import { refang } from "../../../indicators/refang.ts";
import { parseJson } from "../../../tahoe/json.ts";
import type { Value } from "../../../tahoe/value.ts";
import { readList as readIndicators } from "../../../typetags/ioc_list/read_list.ts";
import { scan } from "../../../typetags/ioc_list/scan.ts";
import { type GivenValue, type GivenValues, readValue } from "./given_values.ts";

/** Words up to which a line without an indicator is a value that cannot be read, not a sentence. */
const MAX_WORDS = 4;

const COMMENT = /^\s*(?:#|\/\/|;|!)/;
const NO_INDICATOR = "line without an indicator";

/**
 * Reads the values in a list as the typetag `ioc_list` does: lines, columns of a table, rules, JSON,
 * or the indicators in a text. A line that holds nothing to look up is a value with a reason.
 *
 * @throws {Rejected} EVENTS_INVALID when the text is a web page.
 */
export function readList(text: string): GivenValues {
  const list = readIndicators(parseList(text) ?? text);
  if (list === undefined) {
    return {
      values: [{ value: text.slice(0, 80), reason: "is neither text nor a list" }],
      skipped: new Map(),
    };
  }
  const { indicators, skipped } = list;
  const lines = parseList(text) === undefined ? valueLines(text) : [];
  const rejected = list.rejected.map(({ record, reason }) => ({ value: `row ${record}`, reason }));
  if (lines.length > 0 && 2 * lines.filter(isAlone).length >= lines.length) {
    const isComplete = !skipped.has(NO_INDICATOR) && lines.every(isAlone);
    const values = isComplete && lines.length === indicators.length
      ? lines.map((line, at) => valueOf(indicators[at]!, line))
      : readEach(lines, indicators);
    return { values, skipped: withoutUnread(skipped, Infinity) };
  }
  const unread = lines.slice(1).filter(isUnread).map((line) => ({
    value: line,
    reason: "has no indicator",
  }));
  const values = indicators.map((each) => valueOf(each, each.data));
  return {
    values: [...values, ...rejected, ...unread],
    skipped: withoutUnread(skipped, unread.length),
  };
}

/** Reads a list in which each line is a value of the sub-type. */
export function readLines(text: string, subType: string): GivenValues {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  return { values: lines.map((line) => readValue(line, subType)), skipped: new Map() };
}

/** The list that a JSON text is; undefined for other texts. */
function parseList(text: string): Value | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value = parseJson(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function valueLines(text: string): string[] {
  return text.split(/[\r\n]+/).map((line) => line.trim())
    .filter((line) => line !== "" && !COMMENT.test(line));
}

/** Tells whether a line is one value, and not a row of a table or a sentence. */
function isAlone(line: string): boolean {
  return !/^\{|\s/.test(line) && (!/[,;|]/.test(line) || line.includes("://"));
}

/** Reads a list of lines, most of which are one value. */
function readEach(lines: readonly string[], indicators: readonly Indicator[]): GivenValue[] {
  const known = new Map(indicators.map((each) => [each.data.toLowerCase(), each]));
  return lines.flatMap((line) => {
    const found = known.get(refang(line).toLowerCase());
    if (found !== undefined) return [valueOf(found, line)];
    const words = readLine(line);
    const [only] = words ?? [];
    if (words?.length === 1 && isAlone(line)) return [valueOf(only!, line)];
    return words?.map((each) => valueOf(each, each.data)) ?? [readValue(line)];
  });
}

/** The indicators in a line; undefined if it is not even a rule that has none by intent. */
function readLine(line: string): readonly Indicator[] | undefined {
  const { indicators, skipped } = readIndicators(line)!;
  return indicators.length === 0 && skipped.has(NO_INDICATOR) ? undefined : indicators;
}

/** Tells whether a line is too short for a sentence, but has no indicator. */
function isUnread(line: string): boolean {
  return line.split(/\s+/).length <= MAX_WORDS && readLine(line) === undefined &&
    scan(line).words.every((word) => word === undefined);
}

/** What was skipped, without the lines that became values with a reason. */
function withoutUnread(skipped: ReadonlyMap<string, number>, unread: number): Map<string, number> {
  const left = (skipped.get(NO_INDICATOR) ?? 0) - unread;
  const others = [...skipped].filter(([what]) => what !== NO_INDICATOR);
  return new Map(left > 0 ? [...others, [NO_INDICATOR, left]] : others);
}

function valueOf({ subType, data }: Indicator, value: string): GivenValue {
  return { ...readValue(data, subType), value };
}
