const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits a stream of bytes into lines, without the line feeds and carriage returns that end them.
 * The last line may end without them. A line of more than `maxBytes` is not kept: a RangeError
 * takes its place.
 */
export async function* splitLines(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncIterable<Uint8Array | RangeError> {
  let line = new LineBuffer(maxBytes);
  for await (const chunk of stream) {
    let start = 0;
    for (let end; (end = chunk.indexOf(LINE_FEED, start)) >= 0; start = end + 1) {
      line.add(chunk.subarray(start, end));
      yield line.end();
      line = new LineBuffer(maxBytes);
    }
    line.add(chunk.subarray(start));
  }
  if (line.size > 0) yield line.end();
}

/** Buffer for one line, which arrives in pieces. */
class LineBuffer {
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Uint8Array): void {
    this.size += piece.length;
    if (this.size > this.#maxBytes) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  /** Returns the line, or an error if it is too long. */
  end(): Uint8Array | RangeError {
    if (this.size > this.#maxBytes) {
      return new RangeError(`it has more than ${this.#maxBytes} bytes`);
    }
    const line = concat(this.#pieces, this.size);
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }
}

/** Copies pieces of `size` bytes in all into one new array. */
export function concat(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
