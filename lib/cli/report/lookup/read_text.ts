/** Bytes that a list may have, also after decompression: room for half a million values. */
const MAX_BYTES = 64 * 1024 ** 2;

/**
 * Reads a stream as text: UTF-8, UTF-16 with a byte order mark, or else Windows-1252; also compressed
 * by gzip.
 *
 * @throws {RangeError} when it has more than 64 MiB.
 * @throws {TypeError} when the compressed data is damaged.
 */
export async function readText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const bytes = await readBytes(stream);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return decode(bytes);
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return decode(await readBytes(unzipped));
}

async function readBytes(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > MAX_BYTES) throw new RangeError("it has more than 64 MiB: split it");
    pieces.push(new Uint8Array(piece));
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  // TextDecoder drops the mark of its own encoding.
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
