import type { Cutter } from "./split/cutter.ts";
import { findCutter } from "./split/find_cutter.ts";
import { PieceBuffer } from "./split/piece_buffer.ts";

/** Uploads of up to so many bytes are one part: they and their references fit documents of 16 MiB. */
const WHOLE_BYTES = 8 * 1024 ** 2;

/** Most bytes of a part of larger uploads. The events of 2 MiB of log take some 100 MB of memory. */
const PART_BYTES = 1024 ** 2;

export type SplitOptions = {
  readonly typetag: string;
  /** Most bytes of one record, or of an upload that cannot be split. */
  readonly maxBytes: number;
  /** Most bytes of an upload that is not split. */
  readonly wholeBytes?: number;
  /** Most bytes of a part of several records. */
  readonly partBytes?: number;
};

/** A part of an upload, numbered from 1; the number is missing if the upload is one part. */
export type UploadPart = { readonly data: Uint8Array; readonly part?: number };

/**
 * Splits an upload of more than 8 MiB between its records: lines, members of a JSON array, messages
 * of an mbox. Each part holds as many records as fit, from the first on, so the same records make the
 * same parts, and a log that grew makes new parts at its end only. Each part can be read by itself:
 * an array is made an array again, and the header of a table is repeated. Uploads whose records refer
 * to each other stay whole.
 *
 * @throws {RangeError} when one record, or an upload that cannot be split, is too large.
 */
export async function* splitUpload(
  stream: AsyncIterable<Uint8Array>,
  {
    typetag,
    maxBytes,
    wholeBytes = Math.min(WHOLE_BYTES, maxBytes),
    partBytes = Math.min(PART_BYTES, maxBytes),
  }: SplitOptions,
): AsyncIterable<UploadPart> {
  const buffer = new PieceBuffer();
  let cutter: Cutter | undefined;
  let part = 0;
  /** Size from which on it makes sense to look for the end of a part. */
  let enough = wholeBytes;
  for await (const piece of stream) {
    buffer.add(piece);
    while (buffer.size > enough) {
      cutter ??= findCutter(typetag, buffer.whole());
      const cut = cutter?.cut(buffer.whole(), partBytes);
      if (cut === undefined) {
        if (buffer.size > maxBytes) throw tooLarge(cutter, maxBytes);
        enough = Math.min(2 * buffer.size, maxBytes);
      } else {
        yield { data: cut.data, part: ++part };
        buffer.drop(cut.next);
        enough = partBytes;
      }
    }
  }
  if (buffer.size > wholeBytes) cutter ??= findCutter(typetag, buffer.whole());
  const last = lastParts(buffer.whole(), { cutter, partBytes });
  const isOne = part === 0 && last.length === 1;
  for (const data of last) yield { data, ...(!isOne && { part: ++part }) };
}

/** The parts of what is left at the end of an upload. */
function lastParts(
  bytes: Uint8Array,
  { cutter, partBytes }: { readonly cutter: Cutter | undefined; readonly partBytes: number },
): readonly Uint8Array[] {
  if (cutter === undefined) return [bytes];
  const parts: Uint8Array[] = [];
  let rest = bytes;
  while (rest.length > partBytes - cutter.overhead) {
    const cut = cutter.cut(rest, partBytes);
    if (cut === undefined) break;
    parts.push(cut.data);
    rest = rest.subarray(cut.next);
  }
  const last = cutter.last(rest);
  return last === undefined ? parts : [...parts, last];
}

function tooLarge(cutter: Cutter | undefined, maxBytes: number): RangeError {
  return new RangeError(
    cutter === undefined
      ? `it has more than ${maxBytes} bytes, and cannot be split between records`
      : `one of its records has more than ${maxBytes} bytes; what follows was not read`,
  );
}
