import { basename, isAbsolute, join, resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { exists } from "../../exists.ts";
import { fileFault } from "../../file_fault.ts";
import { isCompressed, toUtf8, withoutStart } from "../../text/utf8_stream.ts";
import { isOfAnySize, splitUpload, type UploadPart } from "../../lake/split_upload.ts";
import type { InputFile } from "../../lake/submit.ts";
import { GrownFile } from "./grown_file.ts";
import { splitLines } from "./lines.ts";

/** Argument that stands for standard input. */
const STDIN = "-";

/** Bytes of a file that tell its type. */
const START_BYTES = 256 * 1024;

/**
 * Lists the files that arguments name, each once. A folder stands for all files in it and in the
 * folders below, whatever their names, except hidden ones. An argument with `*`, `?` or the like is a
 * pattern unless a file has that name; so patterns also work where the shell does not expand them.
 * One that matches nothing is kept, to be reported as missing, and so is a folder that cannot be read.
 */
export async function findInputs(args: readonly string[]): Promise<string[]> {
  const found = await Promise.all(args.map(async (arg) => {
    if (arg === STDIN) return [arg];
    if (!isDynamicPattern(arg) || await isThere(arg)) return await filesIn(arg);
    const matches = await glob([arg], { expandDirectories: false, absolute: isAbsolute(arg) });
    return matches.length > 0 ? matches.sort() : [arg];
  }));
  // `a.json` and `./a.json` are the same file.
  const paths = new Map<string, string>();
  for (const path of found.flat()) {
    if (!paths.has(resolve(path))) paths.set(resolve(path), path);
  }
  return [...paths.values()];
}

/** Tells whether there is anything at a path; false where that is not to be known. */
async function isThere(path: string): Promise<boolean> {
  return await exists(path).catch(() => false);
}

/**
 * The files of a folder, in the order of their paths; any other path, an empty folder, and folders in
 * it that cannot be read, as they are.
 */
async function filesIn(path: string): Promise<string[]> {
  const files: string[] = [];
  const folders = await isFolder(path) ? [path] : [];
  for (let folder; (folder = folders.pop()) !== undefined;) {
    const entries = await entriesOf(folder);
    if (entries === undefined) files.push(folder);
    for (const entry of entries ?? []) {
      if (entry.name.startsWith(".")) continue;
      const inside = join(folder, entry.name);
      if (entry.isDirectory) folders.push(inside);
      else if (entry.isFile || entry.isSymlink && !await isFolder(inside)) files.push(inside);
    }
  }
  return files.length > 0 ? files.sort() : [path];
}

/** What a folder holds; undefined if its owner or mode forbids to see it, or it is gone by now. */
async function entriesOf(folder: string): Promise<readonly Deno.DirEntry[] | undefined> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    const { PermissionDenied, NotFound } = Deno.errors;
    if (error instanceof PermissionDenied || error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Links to folders count as folders: they are not followed, because they may lead back. */
async function isFolder(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined))?.isDirectory === true;
}

/** Name of an input: that of the file, without its folders. */
export function inputName(path: string): string {
  return path === STDIN ? "stdin" : basename(path);
}

/**
 * Reads the beginning of a file, from which its type can be told: as text, decompressed.
 *
 * @throws {Rejected} ENTRY_INVALID when the file is damaged.
 */
export async function readStart(path: string): Promise<string> {
  const decoder = new TextDecoder();
  const { stream } = await open(path);
  let text = "";
  for await (const piece of toUtf8(stream, Infinity)) {
    text += decoder.decode(piece, { stream: true });
    if (text.length >= START_BYTES) break;
  }
  return text;
}

export type InputOptions = {
  /** Whether each line that is not blank is an input of its own, named `NAME:LINE`. */
  readonly lines: boolean;
  /** Name to use instead of the file's. */
  readonly name: string | undefined;
  /** Largest input in bytes; of one that is split, the largest record. */
  readonly maxBytes: number;
  /** What the files are: decides where large ones are split. */
  readonly typetag: string;
  /** Called with the number of bytes that were read of a file. */
  readonly progress?: (bytes: number) => void;
  /** Number of bytes at the start of the text to leave out. */
  readonly skip?: number;
};

/** The text of a compressed file, in UTF-8; undefined if it is not compressed, or cannot be read. */
export async function readCompressed(path: string): Promise<AsyncIterable<Uint8Array> | undefined> {
  return await isCompressedFile(path) ? toUtf8((await open(path)).stream, Infinity) : undefined;
}

/** Tells whether a file is compressed, by its first bytes; false if it cannot be read. */
export async function isCompressedFile(path: string): Promise<boolean> {
  const file = await GrownFile.open(path);
  if (file === undefined) return false;
  const start = await file.read(0, Math.min(file.size, START_BYTES));
  file.close();
  return isCompressed(start);
}

/**
 * Reads files one after the other; large ones in parts, named `NAME#1` and so on. One that cannot be
 * read yields an error as its data.
 */
export async function* readInputs(
  paths: readonly string[],
  options: InputOptions,
): AsyncIterable<InputFile> {
  for (const path of paths) {
    const name = options.name ?? inputName(path);
    try {
      const { stream: bytes, ...modified } = await open(path);
      const { skip = 0, maxBytes, typetag } = options;
      // A log that was imported in part may have any size.
      const limit = skip > 0 || isOfAnySize(typetag) ? Infinity : maxBytes;
      const text = toUtf8(observe(bytes, options.progress), limit);
      const stream = skip > 0 ? withoutStart(text, skip) : text;
      if (options.lines) yield* readLines(stream, name, options.maxBytes);
      else {
        for await (const part of nameParts(splitUpload(stream, options), name)) {
          yield { ...part, ...modified };
        }
      }
    } catch (error) {
      yield { name: path, data: new Error(explainReadError(error), { cause: error }) };
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
  stream: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
): AsyncIterable<InputFile> {
  let number = 0;
  for await (const data of splitLines(stream, maxBytes)) {
    number++;
    if (data instanceof Error || !isBlank(data)) yield { name: `${name}:${number}`, data };
  }
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}

async function* observe(
  stream: AsyncIterable<Uint8Array>,
  progress: (bytes: number) => void = () => {},
): AsyncIterable<Uint8Array> {
  for await (const piece of stream) {
    yield piece;
    progress(piece.length);
  }
}

/** Names the parts of an input. */
export async function* nameParts(
  parts: AsyncIterable<UploadPart>,
  name: string,
): AsyncIterable<Pick<InputFile, "name" | "data">> {
  for await (const part of parts) {
    yield { name: partName(part, name), data: part.data };
  }
}

/** Name of a part of an input, or of a record that was refused. */
function partName({ part, record }: UploadPart, name: string): string {
  const place = record ?? part;
  return place === undefined ? name : `${name}#${place}`;
}

/** Says why a file cannot be read, and what to do. */
export function explainReadError(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "the folder has no files but hidden ones";
  return fileFault(error);
}
