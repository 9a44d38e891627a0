import type { GrownFile } from "./grown_file.ts";

/** Most bytes that are imported at once. */
const CHUNK_BYTES = 1024 ** 2;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * End of the next whole lines after `offset`, as many as fit a chunk; undefined if there is none. The
 * last line of a file that has ended is whole, and so is a JSON object that was closed.
 */
export async function nextEnd(
  file: GrownFile,
  offset: number,
  { ended }: { readonly ended: boolean },
): Promise<number | undefined> {
  for (let size = CHUNK_BYTES;; size *= 2) {
    const bytes = await file.read(offset, Math.min(file.size, offset + size));
    const last = bytes.lastIndexOf(LINE_FEED) + 1;
    const isAtEnd = bytes.length < size || offset + size >= file.size;
    const rest = bytes.subarray(last);
    if (isAtEnd && rest.length > 0 && (ended || isWhole(rest))) return offset + bytes.length;
    if (last > 0) return offset + last;
    if (isAtEnd) return undefined;
  }
}

/** Whether a line without an end is complete: a JSON object that was closed. */
function isWhole(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

/**
 * Where to read on after `end`: there, or where its line begins if the line was taken for whole and
 * was not.
 */
export async function lineStart(file: GrownFile, end: number): Promise<number> {
  if (end === 0 || end >= file.size) return end;
  const [before, after] = await file.read(end - 1, end + 1);
  if (before === LINE_FEED || after === LINE_FEED || after === CARRIAGE_RETURN) return end;
  for (let size = CHUNK_BYTES;; size *= 2) {
    const start = Math.max(0, end - size);
    const last = (await file.read(start, end)).lastIndexOf(LINE_FEED);
    if (last >= 0) return start + last + 1;
    if (start === 0) return 0;
  }
}
