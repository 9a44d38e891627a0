import { Buffer, isUtf8 } from "node:buffer";
import { decodeCharset } from "./charset.ts";
import { messageOffsets } from "./mbox.ts";
import { readParameters } from "./parameters.ts";

/** The charset of what names none, or one that cannot be meant. */
const USUAL = "windows-1252";

/** Characters of a header that are read: a charset or a boundary does not come later. */
const MAX_HEADER = 64 * 1024;

/**
 * Reads mail that is not UTF-8, because text in another charset stands in it as it is (8bit): each
 * part in the charset that its header names, headers in the first charset that their message names.
 * What is UTF-8 all the same is read as that, and what the charset cannot mean as windows-1252.
 */
export function decodeMail(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const starts = [0, ...messageOffsets(text).filter((start) => start > 0)];
  return starts.map((start, number) => decodeMessage(text.slice(start, starts[number + 1])))
    .join("");
}

/** The header or the body of a message or of one of its parts, each byte one character. */
type Piece = {
  readonly text: string;
  readonly isHeader: boolean;
  /** The charset that its part names. */
  readonly charset: string | undefined;
};

function decodeMessage(message: string): string {
  const pieces = [...piecesOf(message)];
  const first = pieces.find(({ charset }) => charset !== undefined)?.charset ?? USUAL;
  return pieces.map(({ text, isHeader, charset = first }) =>
    isHeader ? decodeHeader(text, first) : decodePiece(text, charset)
  ).join("");
}

function* piecesOf(message: string): Generator<Piece> {
  const boundaries = new Set<string>();
  let [start, isHeader, charset]: [number, boolean, string | undefined] = [0, true, undefined];
  for (const { at, end } of lines(message)) {
    const line = message.slice(at, end).trimEnd();
    if (isHeader && line === "") {
      const text = message.slice(start, end);
      yield { text, isHeader, charset: undefined };
      const type = contentType(text);
      const parameters = readParameters(type);
      const boundary = parameters.get("boundary");
      if (boundary !== undefined) boundaries.add(boundary);
      [start, charset] = [end, usableCharset(parameters.get("charset"))];
      isHeader = /^\s*message\/rfc822\b/i.test(type);
    } else if (!isHeader && line.startsWith("--")) {
      const isEnd = line.endsWith("--") && boundaries.has(line.slice(2, -2));
      if (!isEnd && !boundaries.has(line.slice(2))) continue;
      yield { text: message.slice(start, at), isHeader, charset };
      [start, isHeader, charset] = [at, !isEnd, undefined];
    }
  }
  yield { text: message.slice(start), isHeader, charset };
}

/** Where each line begins and ends, its line feed included. */
function* lines(text: string): Generator<{ readonly at: number; readonly end: number }> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at) + 1 || text.length;
    yield { at, end };
    at = end;
  }
}

/** The first Content-Type of a header, unfolded; the empty string if there is none. */
function contentType(header: string): string {
  let found: string | undefined;
  for (const { at, end } of lines(header)) {
    if (found === undefined) {
      const [name] = /^content-type[ \t]*:/i.exec(header.slice(at, at + MAX_HEADER)) ?? [];
      if (name !== undefined) found = header.slice(at + name.length, end).trimEnd();
    } else if (found.length > MAX_HEADER || !/^[ \t]/.test(header.slice(at, at + 1))) break;
    else found += header.slice(at, end).trimEnd();
  }
  return (found ?? "").slice(0, MAX_HEADER);
}

const ASCII = "Az09 =\r\n";

/** A charset in which mail can be without a transfer encoding, beside ASCII; undefined for others. */
function usableCharset(charset: string | undefined): string | undefined {
  if (charset === undefined || /utf\W*7/i.test(charset)) return undefined;
  return decodeCharset(Buffer.from(ASCII), charset) === ASCII ? charset : undefined;
}

/** Decodes a header line by line: some programs write only some in UTF-8. */
function decodeHeader(header: string, charset: string): string {
  const whole = Buffer.from(header, "latin1");
  if (isUtf8(whole)) return whole.toString();
  let text = "";
  for (const { at, end } of lines(header)) text += decodePiece(header.slice(at, end), charset);
  return text;
}

function decodePiece(piece: string, charset: string): string {
  const bytes = Buffer.from(piece, "latin1");
  if (isUtf8(bytes)) return bytes.toString();
  const text = decodeCharset(bytes, charset);
  return text !== undefined && isLikely(text) ? text : new TextDecoder(USUAL).decode(bytes);
}

/** Whether a text can be in the charset in which it was read: most of it beyond ASCII is something. */
function isLikely(text: string): boolean {
  const beyond = text.match(/[^\0-\x7f]/g) ?? [];
  return 2 * beyond.filter((character) => character === "\ufffd").length <= beyond.length;
}
