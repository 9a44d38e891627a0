import type { Command } from "commander";
import { hasOwnForm, NotUnderstood, recogniseSubType } from "../../indicators/meaning.ts";
import { suggestSubType, usualSubType } from "../../indicators/suggest_sub_type.ts";
import { log } from "../../log.ts";
import { printable } from "../../printable.ts";
import { parseJson } from "../../tahoe/json.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import { isScalar, type Scalar } from "../../tahoe/value.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { ALL_FORMATS } from "../../answers/export/export_answer.ts";
import { wrongUsage } from "./wrong_usage.ts";

/** Arguments as typed: a value, and before it its sub-type, which may be missing. */
export type TypedAttribute = readonly [first: string, second: string | undefined];

/**
 * Reads the attribute that the arguments of a question name: its sub-type, which is recognised if it is
 * missing, and its value. Ends the program with advice where that cannot be.
 */
export function readArguments(
  [first, second]: TypedAttribute,
  isLiteral: boolean,
  command: Command,
): { readonly sub_type: string; readonly data: Scalar } {
  checkNumber(command);
  if (second !== undefined) {
    checkSubType(first, second, command);
    const usual = usualSubType(first);
    if (usual !== first && !isLiteral) log.info(`${first} is taken for ${usual}, as it is stored`);
    return { sub_type: first, data: isLiteral ? readLiteral(second, command) : second };
  }
  if (hasOwnForm(usualSubType(first))) wrongUsage(command, "missing required argument 'data'");
  if (isLiteral) wrongUsage(command, "with --literal, give the sub-type before the data");
  try {
    return { sub_type: recogniseSubType(first), data: first };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    wrongUsage(command, error.message);
  }
}

/** Ends the program if there are more than two arguments, or the second is a file for an export. */
function checkNumber(command: Command): void {
  const { args } = command;
  const last = args.at(-1) ?? "";
  const format = ALL_FORMATS.find((format) => command.opts()[format]);
  if (format !== undefined && args.length > 1 && isFileOf(args, last)) {
    wrongUsage(
      command,
      `--${format} writes to standard output: give > ${shellQuoted(last)} at the end`,
    );
  }
  if (args.length > 2) {
    wrongUsage(
      command,
      "give one sub-type and one value; a value with blanks needs quotes around it, several values " +
        "are looked up by report lookup",
    );
  }
}

/** Tells whether the last argument is a file's name behind a sub-type and value, or a value alone. */
function isFileOf(args: readonly string[], last: string): boolean {
  return /\.[a-z]{2,5}$/i.test(last) && (args.length > 2 || !isSubType(args[0]!));
}

/** Ends the program with advice if the first of two arguments cannot be a sub-type. */
function checkSubType(first: string, second: string, command: Command): void {
  if (isSubType(first)) return;
  const suggestion = suggestSubType(first);
  if (suggestion !== undefined) {
    wrongUsage(command, `"${printable(first)}" is not a sub-type. Did you mean ${suggestion}?`);
  }
  if (hasOwnForm(usualSubType(second))) {
    wrongUsage(command, `give the sub-type before the value: ${second} ${shellQuoted(first)}`);
  }
  wrongUsage(
    command,
    isValue(first)
      ? "ask for one value at a time, or for all with report lookup; put quotes around what contains " +
        'blanks, such as --last "1 month"'
      : `"${
        printable(first)
      }" cannot be a sub-type: give a name of letters, digits and _, such as ipv4`,
  );
}

function isValue(text: string): boolean {
  try {
    recogniseSubType(text);
    return true;
  } catch (error) {
    if (error instanceof NotUnderstood) return false;
    throw error;
  }
}

function readLiteral(text: string, command: Command): Scalar {
  try {
    const value = parseJson(text);
    if (isScalar(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  wrongUsage(command, "with --literal, give a number, true, false, null or a quoted string");
}
