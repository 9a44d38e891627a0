import { errorMessage } from "../../../errors.ts";
import { exists } from "../../../exists.ts";
import { type GivenValue, type GivenValues, joinValues, readValue } from "./given_values.ts";
import { readLines, readList } from "./read_list.ts";
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
  return joinValues(parts);
}

async function readArgument(arg: string, subType?: string): Promise<GivenValues> {
  if (arg !== "-" && !await isFile(arg)) return only(readValueOrPath(arg, subType));
  try {
    const text = await readText(
      arg === "-" ? Deno.stdin.readable : (await Deno.open(arg)).readable,
    );
    return subType === undefined ? readList(text) : readLines(text, subType);
  } catch (error) {
    return only({ value: arg, reason: `cannot be read: ${errorMessage(error)}` });
  }
}

/** Reads an argument that is not a file; it may be meant as one. */
function readValueOrPath(arg: string, subType?: string): GivenValue {
  const given = readValue(arg, subType);
  if ("meaning" in given || !/[./\\]/.test(arg)) return given;
  return { ...given, reason: `${given.reason}; there is no such file, either` };
}

/** Tells whether there is something at this path. A text that cannot be a path is a value. */
async function isFile(arg: string): Promise<boolean> {
  try {
    return await exists(arg);
  } catch {
    return false;
  }
}

function only(value: GivenValue): GivenValues {
  return { values: [value], skipped: new Map() };
}
