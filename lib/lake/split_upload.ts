import { SPLIT_CONNECTED, splitIfLarge } from "./connected/split_connected.ts";
import { cutAll, type Cutter } from "./split/cutter.ts";
import { findCutter, isWrapper, listNames } from "./split/find_cutter.ts";
import { PieceBuffer } from "./split/piece_buffer.ts";
import { tooLarge } from "./split/too_large.ts";
import type { UploadPart } from "./split/upload_part.ts";
import { countMembers, splitWrapper } from "./split/wrapper.ts";

export type { UploadPart };

/** Uploads of up to so many bytes are one part: they and their references fit documents of 16 MiB. */
const WHOLE_BYTES = 8 * 1024 ** 2;

/** Most records of an upload that is not split: a record of a log makes up to ten instances. */
const WHOLE_RECORDS = 50_000;

/** How much smaller parts are of an upload whose parts would have more records than that. */
const DENSE_SHARE = 1 / 4;

/** Most bytes of a part of larger uploads. The events of 2 MiB of log take some 100 MB of memory. */
const PART_BYTES = 1024 ** 2;

/** The same for STIX and MISP: what is known of the whole upload takes memory, too. */
const CONNECTED_PART_BYTES = 256 * 1024;

/** Most bytes of a record of STIX or MISP with what it refers to: as a document holds. */
const CONNECTED_BYTES = 15 * 1024 ** 2;

export type SplitOptions = {
  readonly typetag: string;
  /** Most bytes of one record, or of an upload that cannot be split. */
  readonly maxBytes: number;
  /** Most bytes of an upload that is not split. */
  readonly wholeBytes?: number;
  /** Most bytes of a part of several records. */
  readonly partBytes?: number;
  /** Most records of an upload that is not split, if it has more bytes than a part. */
  readonly wholeRecords?: number;
};

/** Whether uploads of a typetag may have any size, packed or unpacked, and only their records may not. */
export function isOfAnySize(typetag: string): boolean {
  return SPLIT_CONNECTED.has(typetag);
}

/**
 * Splits an upload of more than 8 MiB or 50,000 records between them: lines, members of a JSON array
 * or of the lists in a JSON object, messages of an mbox. Each part holds as many records as fit, from the first on, so the same records make the
 * same parts, and a log that grew makes new parts at its end only. Each part can be read by itself:
 * an array is made an array again, and the header of a table is repeated, as is what is around the
 * list in an object. STIX and MISP are split so that all parts together make the events of the whole.
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
    wholeRecords = WHOLE_RECORDS,
  }: SplitOptions,
): AsyncIterable<UploadPart> {
  const splitConnected = SPLIT_CONNECTED.get(typetag);
  if (splitConnected !== undefined) {
    return yield* splitIfLarge(stream, splitConnected, {
      wholeBytes,
      // Room for an envelope, and for what is around the records.
      partBytes: Math.min(partBytes, CONNECTED_PART_BYTES, maxBytes / 2),
      maxBytes: Math.min(CONNECTED_BYTES, Math.floor(maxBytes * 0.9)),
    });
  }
  const buffer = new PieceBuffer();
  let cutter: Cutter | undefined;
  let part = 0;
  let limit = partBytes;
  /** Size from which on it makes sense to look for the end of a part. */
  let enough = wholeBytes;
  for await (const piece of stream) {
    buffer.add(piece);
    while (buffer.size > enough) {
      if (cutter === undefined) {
        cutter = findCutter(typetag, buffer.whole());
        if (cutter !== undefined) {
          limit = partLimit(cutter, buffer.whole(), { partBytes, wholeRecords });
        }
      }
      const cut = cutter?.cut(buffer.whole(), limit) ??
        (buffer.size > maxBytes ? cutter?.recover?.(buffer.whole(), limit) : undefined);
      if (cut === undefined) {
        if (buffer.size > maxBytes) {
          throw tooLarge(cutter, buffer.whole(), { typetag, maxBytes });
        }
        enough = Math.min(2 * buffer.size, maxBytes);
      } else {
        yield { data: cut.data, part: ++part };
        buffer.drop(cut.next);
        enough = limit;
      }
    }
  }
  const rest = buffer.whole();
  if (part > 0) {
    for (const data of cutAll(cutter!, rest, limit)) yield { data, part: ++part };
    return;
  }
  let before: Uint8Array | undefined;
  for (const data of splitWhole(rest, { typetag, wholeBytes, partBytes, wholeRecords })) {
    if (before !== undefined) yield { data: before, part: ++part };
    before = data;
  }
  if (before !== undefined) yield { data: before, ...(part > 0 && { part: ++part }) };
}

/** The parts of an upload of which none was cut off yet. */
function splitWhole(
  bytes: Uint8Array,
  { typetag, wholeBytes, partBytes, wholeRecords }: Required<Omit<SplitOptions, "maxBytes">>,
): Iterable<Uint8Array> {
  if (bytes.length <= partBytes) return [bytes];
  const fits = (records: number) => bytes.length <= wholeBytes && records <= wholeRecords;
  const cutter = findCutter(typetag, bytes);
  if (cutter !== undefined) {
    if (fits(cutter.count(bytes))) return [bytes];
    return cutAll(cutter, bytes, partLimit(cutter, bytes, { partBytes, wholeRecords }));
  }
  if (!isWrapper(typetag, bytes)) return [bytes];
  const lists = { partBytes, names: listNames(typetag) };
  const members = countMembers(bytes, lists);
  if (fits(members)) return [bytes];
  const isDense = members * partBytes > wholeRecords * bytes.length;
  const limit = isDense ? partBytes * DENSE_SHARE : partBytes;
  return splitWrapper(bytes, { ...lists, partBytes: limit });
}

/** Most bytes of a part: fewer if the first one would have very many records. */
function partLimit(
  cutter: Cutter,
  bytes: Uint8Array,
  { partBytes, wholeRecords }: Required<Pick<SplitOptions, "partBytes" | "wholeRecords">>,
): number {
  const isDense = cutter.count(bytes.subarray(0, partBytes)) > wholeRecords;
  return isDense ? partBytes * DENSE_SHARE : partBytes;
}
