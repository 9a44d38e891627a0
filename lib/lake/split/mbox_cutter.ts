import { Buffer } from "node:buffer";
import type { Cutter } from "./cutter.ts";
import { isBlank } from "./line_cutter.ts";

const BLANK_LINES = ["\n\nFrom ", "\n\r\nFrom "];
/**
 * The line before a message ends in a time and a year: `From a@example.com Thu Jan  1 00:00:00 2026`.
 * A header follows, as in splitMbox: what begins a part must begin a message there.
 */
const FROM_LINE = /^From .*\d\d:\d\d.* \d{4}.*\r?\n(?:>?From .*\r?\n)*[!-9;-~]+:/;
const FROM_LINE_BYTES = 1000;

/** Cuts before the lines `From …` that begin the messages of an mbox. */
export function mboxCutter(): Cutter {
  return {
    overhead: 0,
    cut(bytes, limit) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const next = lastStart(buffer, limit) ?? firstStart(buffer, limit);
      return next === undefined ? undefined : { data: bytes.slice(0, next), next };
    },
    // A message takes so many bytes that the bytes alone decide.
    count: () => 1,
    last: (bytes) => isBlank(bytes) ? undefined : bytes.slice(),
  };
}

/** Start of the last message that begins at most at `limit`. */
function lastStart(buffer: Buffer, limit: number): number | undefined {
  for (let from = limit; from > 0;) {
    const at = Math.max(...BLANK_LINES.map((line) => buffer.lastIndexOf(line, from)));
    if (at < 0) return undefined;
    const start = buffer.indexOf("From ", at);
    if (start <= limit && beginsMessage(buffer, start)) return start;
    from = at - 1;
  }
  return undefined;
}

/** Start of the first message that begins after `limit`. */
function firstStart(buffer: Buffer, limit: number): number | undefined {
  for (let from = Math.max(0, limit - 3);;) {
    const found = BLANK_LINES.map((line) => buffer.indexOf(line, from)).filter((at) => at >= 0);
    if (found.length === 0) return undefined;
    const start = buffer.indexOf("From ", Math.min(...found));
    if (beginsMessage(buffer, start)) return start;
    from = start;
  }
}

function beginsMessage(buffer: Buffer, start: number): boolean {
  return FROM_LINE.test(buffer.toString("latin1", start, start + FROM_LINE_BYTES));
}
