const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Lines of a stream of bytes, without the line feeds and carriage returns that end them; the last
 * line need not end so. In place of a line longer than `maxBytes`, which is not kept, comes a
 * RangeError.
 */
export async function* splitLines(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncIterable<Uint8Array | RangeError> {
  let line = new Line(maxBytes);
  for await (const chunk of stream) {
    let start = 0;
    for (let end; (end = chunk.indexOf(LINE_FEED, start)) >= 0; start = end + 1) {
      line.add(chunk.subarray(start, end));
      yield line.end();
      line = new Line(maxBytes);
    }
    line.add(chunk.subarray(start));
  }
  if (line.size > 0) yield line.end();
}

/** A line as it comes in, piece by piece. */
class Line {
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

  end(): Uint8Array | RangeError {
    if (this.size > this.#maxBytes) {
      return new RangeError(`the line has more than ${this.#maxBytes} bytes`);
    }
    const line = concat(this.#pieces, this.size);
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }
}

/** The pieces in one array of their own. */
export function concat(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
