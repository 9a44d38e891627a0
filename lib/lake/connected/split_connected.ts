import { PieceBuffer } from "../split/piece_buffer.ts";
import type { UploadPart } from "../split/upload_part.ts";
import type { ConnectedLimits, ConnectedPart } from "./connected_part.ts";
import { splitMisp } from "./split_misp.ts";
import { splitStix } from "./split_stix.ts";

type SplitConnected = (
  stream: AsyncIterable<Uint8Array>,
  limits: ConnectedLimits,
) => AsyncIterable<ConnectedPart>;

/** How to split uploads of the typetags whose records refer to each other, across a whole upload. */
export const SPLIT_CONNECTED: ReadonlyMap<string, SplitConnected> = new Map([
  ["misp", splitMisp],
  ["stix", splitStix],
]);

/** Splits an upload whose records refer to each other, if it has more than `wholeBytes`. */
export async function* splitIfLarge(
  stream: AsyncIterable<Uint8Array>,
  split: SplitConnected,
  { wholeBytes, ...limits }: ConnectedLimits & { readonly wholeBytes: number },
): AsyncIterable<UploadPart> {
  const buffer = new PieceBuffer();
  const pieces = iterate(stream);
  while (buffer.size <= wholeBytes) {
    const { value, done } = await pieces.next();
    if (done) return yield { data: buffer.whole() };
    buffer.add(value);
  }
  let part = 0;
  for await (const one of split(joined(buffer, pieces), limits)) {
    if ("reason" in one) yield { data: new Error(one.reason), record: one.record };
    else yield { data: one, part: ++part };
  }
}

/** What is in a buffer, as one piece, and what follows. */
async function* joined(
  buffer: PieceBuffer,
  rest: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  // No variable: it would keep the piece in memory until the end.
  yield buffer.take();
  yield* rest;
}

async function* iterate(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  yield* stream;
}
