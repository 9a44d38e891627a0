import { basename, isAbsolute, resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { errorMessage } from "../../errors.ts";
import { exists } from "../../exists.ts";
import type { InputFile } from "../../lake/submit.ts";
import { concat, splitLines } from "./lines.ts";

/** Stands for standard input. */
const STDIN = "-";

/**
 * The files that arguments name, each once. An argument that is no file's name but has `*`, `?` or
 * the like is taken for a pattern, should the shell not have expanded it; one that fits nothing
 * stays, to be reported as missing.
 */
export async function findInputs(args: readonly string[]): Promise<string[]> {
  const found = await Promise.all(args.map(async (arg) => {
    if (arg === STDIN || !isDynamicPattern(arg) || await exists(arg)) return [arg];
    const matches = await glob([arg], { expandDirectories: false, absolute: isAbsolute(arg) });
    return matches.length > 0 ? matches.sort() : [arg];
  }));
  // `a.json` and `./a.json` are one file.
  const paths = new Map<string, string>();
  for (const path of found.flat()) {
    if (!paths.has(resolve(path))) paths.set(resolve(path), path);
  }
  return [...paths.values()];
}

export type InputOptions = {
  /** Make one submission of each line that is not blank, named `NAME:LINE`. */
  readonly lines: boolean;
  /** Instead of the file's name. */
  readonly name: string | undefined;
  /** Bytes; more are not read. */
  readonly maxBytes: number;
};

/** Reads the files one after the other. What cannot be read becomes a submission that says why. */
export async function* readInputs(
  paths: readonly string[],
  options: InputOptions,
): AsyncIterable<InputFile> {
  for (const path of paths) {
    const name = options.name ?? (path === STDIN ? "stdin" : basename(path));
    try {
      const { stream, ...modified } = await open(path);
      if (options.lines) yield* readLines(stream, name, options.maxBytes);
      else yield { name, data: await readWhole(stream, options.maxBytes), ...modified };
    } catch (error) {
      yield { name: path, data: new Error(reasonOf(error), { cause: error }) };
    }
  }
}

async function open(
  path: string,
): Promise<{ stream: ReadableStream<Uint8Array>; modified?: number }> {
  if (path === STDIN) return { stream: Deno.stdin.readable };
  const file = await Deno.open(path);
  const { mtime } = await file.stat();
  return { stream: file.readable, ...(mtime !== null && { modified: mtime.getTime() / 1000 }) };
}

async function* readLines(
  stream: ReadableStream<Uint8Array>,
  name: string,
  maxBytes: number,
): AsyncIterable<InputFile> {
  let number = 0;
  for await (const line of splitLines(stream, maxBytes)) {
    number++;
    const data = number === 1 && line instanceof Uint8Array ? withoutMark(line) : line;
    if (data instanceof Error || !isBlank(data)) yield { name: `${name}:${number}`, data };
  }
}

/** The byte order mark belongs to the file, not to its first line. */
function withoutMark(line: Uint8Array): Uint8Array {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}

async function readWhole(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw new RangeError(`it has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return concat(chunks, size);
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "its owner or mode forbids it";
  if (error instanceof Deno.errors.NotCapable) return "start this program with --allow-read for it";
  return errorMessage(error);
}
