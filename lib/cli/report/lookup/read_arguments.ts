import { exists } from "../../../exists.ts";
import { fileFault } from "../../../file_fault.ts";
import {
  type GivenValue,
  type GivenValues,
  joinValues,
  readValue,
} from "../../../pasted/given_values.ts";
import { lineIndicators } from "../../../pasted/line_indicators.ts";
import { readLinesAs, readList } from "../../../pasted/read_list.ts";
import { readText } from "./read_text.ts";

/**
 * Reads the values that arguments name: each is `-` for standard input, a file, or else a value.
 * With a sub-type, each argument and each line of a file is a value of it.
 */
export async function readArguments(
  args: readonly string[],
  subType?: string,
): Promise<GivenValues> {
  const parts: GivenValues[] = [];
  for (const arg of args) parts.push(await readArgument(arg, subType));
  const { values, ...rest } = joinValues(parts);
  return { values: values.map(withAdvice), ...rest };
}

/** The value with a reason that says how to do here what other commands would. */
function withAdvice(given: GivenValue): GivenValue {
  return "reason" in given ? { ...given, reason: adviceForLookup(given.reason) } : given;
}

/** The reason with the option that stands for a sub-type before the value. */
function adviceForLookup(reason: string): string {
  return reason.replace(
    ": ask for one at a time, or for all with report lookup",
    ": give each alone",
  ).replace(
    /(?:; several values are asked for one at a time)?(; for the whole text,|;) give the sub-type before it, such as (\w+)/,
    "$1 give --sub-type, such as $2",
  );
}

async function readArgument(arg: string, subType?: string): Promise<GivenValues> {
  if (arg !== "-" && !await isFile(arg)) return asGiven(readValueOrPath(arg, subType));
  try {
    const text = await readText(
      arg === "-" ? Deno.stdin.readable : (await Deno.open(arg)).readable,
    );
    const given = subType === undefined ? readList(text) : readLinesAs(text, subType);
    if (arg === "-" || given.values.length > 0) return given;
    return { ...given, values: [{ value: arg, reason: emptyReason(text) }] };
  } catch (error) {
    return asGiven([{ value: arg, reason: `cannot be read: ${readFault(error)}` }]);
  }
}

function emptyReason(text: string): string {
  return text.trim() === "" ? "is empty" : "holds no indicator";
}

function readFault(error: unknown): string {
  const fault = fileFault(error);
  return error instanceof Deno.errors.IsADirectory ? `${fault}; give the files in it` : fault;
}

/** Reads an argument that is not a file: a value, several, or a text; it may be meant as a file. */
function readValueOrPath(arg: string, subType?: string): readonly GivenValue[] {
  const given = readValue(arg, subType);
  if ("meaning" in given) return [given];
  const found = subType === undefined ? lineIndicators(arg) : [];
  if (found.length > 0) {
    return found.map(({ subType, data }) => readValue(String(data), subType));
  }
  if (!/[./\\]/.test(arg)) return [given];
  const reason = isLikePath(arg)
    ? `there is no such file; as a value, it ${given.reason}`
    : `${given.reason}; there is no such file, either`;
  return [{ ...given, reason }];
}

/** Endings of files that hold lists, tables, records or text. */
const LIST_FILE =
  /\.(?:csv|tsv|txt|log|lst|list|jsonl?|ndjson|ya?ml|xml|html?|eml|mbox|rules|conf)(?:\.gz)?$/i;

/** Tells whether a text without a meaning was probably meant as a path. */
function isLikePath(arg: string): boolean {
  const hasFolder = /[/\\]/.test(arg) && !/^[a-z][a-z+.-]*:\/\/|\/[0-9]+$|\s/i.test(arg);
  return hasFolder || LIST_FILE.test(arg);
}

/**
 * Tells whether there is something at this path, or in a folder that does not tell. A text that
 * cannot be a path is a value.
 */
async function isFile(arg: string): Promise<boolean> {
  try {
    return await exists(arg);
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}

function asGiven(values: readonly GivenValue[]): GivenValues {
  return { values, skipped: new Map() };
}
