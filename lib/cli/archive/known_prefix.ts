import type { Position } from "../../lake/positions.ts";
import { concat } from "../../text/utf8_stream.ts";
import { fingerprintOf, SAMPLE_BYTES } from "./grown_file.ts";

/** The position of the longest content that a text begins with. */
export async function findKnownPrefix(
  text: AsyncIterable<Uint8Array>,
  positions: readonly Position[],
): Promise<Position | undefined> {
  const byEnd = positions.filter(({ end }) => end > 0).toSorted((a, b) => a.end - b.end);
  let found: Position | undefined;
  let next = 0;
  let start: Uint8Array = new Uint8Array();
  /** The bytes before those of a piece. */
  let before: Uint8Array = new Uint8Array();
  let size = 0;
  for await (const piece of text) {
    if (next === byEnd.length) break;
    if (start.length < SAMPLE_BYTES) start = concat([start, piece]).slice(0, SAMPLE_BYTES);
    const recent = concat([before, piece]);
    const offset = size - before.length;
    size += piece.length;
    for (; next < byEnd.length && byEnd[next]!.end <= size; next++) {
      const { end, fingerprint } = byEnd[next]!;
      const tail = recent.subarray(Math.max(0, end - SAMPLE_BYTES - offset), end - offset);
      if (fingerprintOf(start.subarray(0, end), tail) === fingerprint) found = byEnd[next];
    }
    before = recent.slice(-SAMPLE_BYTES);
  }
  return found;
}
