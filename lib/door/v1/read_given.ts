import { Rejected } from "../../errors.ts";
import { type GivenValue, joinValues, readValue } from "../../pasted/given_values.ts";
import { readLinesAs, readList } from "../../pasted/read_list.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import { Refusal } from "../refusal.ts";
import { adviceFor } from "./questions.ts";

/** The most values that are looked up at once. */
export const MAX_VALUES = 10_000;

/** The most characters and lines of a text: reading more would keep others waiting. */
export const MAX_TEXT = 256 * 1024;
const MAX_LINES = 20_000;
const LINE_END = /\r\n?|\n/g;

/** What is to be looked up, and of a text what was left out. */
export type GivenList = { readonly given: readonly GivenValue[]; readonly leftOut?: Fields };

/**
 * Reads what many are looked up by: `values`, or the indicators in a `text`.
 *
 * @throws {Refusal} 400 when it cannot be looked up.
 */
export function readGivenList(
  { values, text }: { readonly [name in "values" | "text"]: Value | undefined },
  subType: string | undefined,
): GivenList {
  if (typeof text === "string" && values === undefined) return readText(text, subType);
  if (!isTexts(values) || text !== undefined) {
    throw new Refusal(
      400,
      "Cannot look up: give values, a list of strings, or text, which is one string",
    );
  }
  checkNumber(values);
  return { given: values.map((value) => readGiven(value, subType)) };
}

/** Reads one value as it was written, of the sub-type or of a kind that can be recognised. */
export function readGiven(value: string, subType: string | undefined): GivenValue {
  if (value.length > MAX_TEXT) return { value, reason: `is longer than ${MAX_TEXT} characters` };
  const read = readValue(value, subType);
  return "reason" in read ? { ...read, value, reason: adviceFor(read.reason) } : { ...read, value };
}

/** Reads the indicators in a text as `report lookup` reads a file. */
function readText(given: string, subType: string | undefined): GivenList {
  const text = given.replace(/^\ufeff/, "");
  checkText(text);
  const { values, skipped, unreadColumns = [] } = joinValues([
    subType === undefined ? readListOrRefuse(text) : readLinesAs(text, subType),
  ]);
  if (values.length === 0) {
    throw new Refusal(400, "Cannot look anything up: there is no indicator in the text");
  }
  checkNumber(values);
  const read = values.map((each) =>
    "reason" in each ? { value: each.value, reason: adviceAmongMany(each.reason) } : each
  );
  const counts = [...skipped].map(([what, times]) => [what, BigInt(times)] as const);
  return {
    given: read,
    leftOut: { skipped: Object.fromEntries(counts), unread_columns: [...unreadColumns] },
  };
}

/** The advice for a value of a text in which each is asked for anyway. */
function adviceAmongMany(reason: string): string {
  return adviceFor(reason).replace("; several values are asked for one at a time", "");
}

function checkText(text: string): void {
  if (text.length <= MAX_TEXT && (text.match(LINE_END)?.length ?? 0) <= MAX_LINES) return;
  throw new Refusal(
    400,
    `Cannot look up a text of more than ${MAX_TEXT} characters or ${MAX_LINES} lines. Split it, ` +
      "or use report lookup",
  );
}

function readListOrRefuse(text: string) {
  try {
    return readList(text);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    throw new Refusal(400, `Cannot look up: ${error.message}`);
  }
}

function checkNumber({ length }: { readonly length: number }): void {
  if (length <= MAX_VALUES) return;
  throw new Refusal(
    400,
    `Cannot look up more than ${MAX_VALUES} values at once: there are ${length}`,
  );
}

function isTexts(values: Value | undefined): values is readonly string[] {
  return Array.isArray(values) && values.every((value) => typeof value === "string");
}
