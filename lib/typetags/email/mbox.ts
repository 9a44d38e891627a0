import { Buffer } from "node:buffer";

/**
 * A line that begins a message in an mbox file (RFC 4155): `From `, the sender, and a time such as
 * `Thu Jan  1 00:00:00 2026`. A header follows, as it does in no paragraph of a text.
 */
const MESSAGE_START =
  /(?<![^\n])From (?=[^\r\n]*\d:\d\d)[^\r\n]*\r?\n(?=>?From [^\r\n]*\r?\n|[!-9;-~]+:)/g;

/** The same without a time, as some programs write it, behind an empty line. */
const DATELESS_START =
  /(?<=^\s*|\n\r?\n)From (?:-|MAILER-DAEMON|(?=\S+@\S)\S+)[ \t]*\r?\n(?=>?From [^\r\n]*\r?\n|[!-9;-~]+:)/g;

/** The line around each message of an MMDF file. */
// deno-lint-ignore no-control-regex -- the format marks its messages with them
const MMDF_LINE = /^\x01{4}\r?\n/gm;

/**
 * The messages of an mbox file, without the lines that separate them; `From ` at the start of a
 * line, which such files quote as `>From `, is restored. A text that does not begin as an mbox, or
 * holds only one message, is one message and stays as it is. What remains of a message of which the
 * start was cut off comes first.
 */
export function splitMbox(text: string): readonly string[] {
  if (text.startsWith("\x01\x01\x01\x01")) {
    return text.split(MMDF_LINE).filter((message) => message.trim() !== "");
  }
  const isCut = !BEGINNING.test(text);
  const starts = startsIn(text, isCut, (part) => Buffer.byteLength(part));
  const before = text.slice(0, starts[0]?.index ?? 0);
  if (isCut && starts.length > 0) return [before, ...messagesAt(starts, text)];
  return starts.length < 2 || before.trim() !== "" ? [text] : messagesAt(starts, text);
}

/** Where the messages of an mbox file begin of which each byte is one character. */
export function messageOffsets(bytes: string): readonly number[] {
  if (bytes.startsWith("\x01\x01\x01\x01")) {
    return [...bytes.matchAll(MMDF_LINE)].map(({ index, 0: line }) => index + line.length);
  }
  return startsIn(bytes, !BEGINNING.test(bytes), ({ length }) => length).map(({ index }) => index);
}

/** Where messages begin; in a file whose start was cut off only lines with a time tell. */
function startsIn(
  text: string,
  isCut: boolean,
  sizeOf: (part: string) => number,
): readonly RegExpExecArray[] {
  return withoutInner(text, isCut ? datedStarts(text) : messageStarts(text), sizeOf);
}

/** How a message or an mbox file begins. */
const BEGINNING = /^\s*(?:From |[!-9;-~]+[ \t]*:)/;

function messagesAt(starts: readonly RegExpExecArray[], text: string): readonly string[] {
  return starts.map((start, number) => {
    const from = start.index + start[0].length;
    const message = text.slice(from, starts[number + 1]?.index);
    // The empty line before the next message belongs to the file.
    return message.replace(/(?<=\n)\r?\n$/, "").replace(/^>(>*From )/gm, "$1");
  });
}

function datedStarts(text: string): readonly RegExpExecArray[] {
  return [...text.matchAll(MESSAGE_START)];
}

function messageStarts(text: string): readonly RegExpExecArray[] {
  const dated = datedStarts(text);
  const isDated = text.slice(0, dated[0]?.index ?? 0).trim() === "" && dated.length > 0;
  return isDated ? dated : [...text.matchAll(DATELESS_START)];
}

/** Line ends between a message and the next one, in bytes. */
const MAX_GAP = 4;

/** Leaves out what stands inside a message whose Content-Length leads to the next one or the end. */
function withoutInner(
  text: string,
  starts: readonly RegExpExecArray[],
  sizeOf: (part: string) => number,
): readonly RegExpExecArray[] {
  const parts = starts.map(({ index }, number) => text.slice(index, starts[number + 1]?.index));
  const offsets = [0];
  for (const part of parts) offsets.push(offsets.at(-1)! + sizeOf(part));
  const numbers = new Map(offsets.map((offset, number) => [offset, number]));
  let next = 0;
  return starts.filter((_, number) => {
    if (number < next) return false;
    const part = parts[number]!;
    const length = contentLength(part);
    if (length === undefined) return true;
    const header = sizeOf(part.slice(0, part.search(BODY)));
    const end = offsets[number]! + header + length;
    const gaps = Array.from({ length: MAX_GAP + 1 }, (_, gap) => numbers.get(end + gap));
    next = gaps.find((found) => found !== undefined) ?? 0;
    return true;
  });
}

/** What stands before the body of a message: an empty line. */
const BODY = /(?<=\n\r?\n)/;

/** Bytes of the body, as the header of a message says. */
function contentLength(message: string): number | undefined {
  const body = message.search(BODY);
  const [, digits] = /\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r?\n/i
    .exec(message.slice(0, Math.max(0, body))) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
