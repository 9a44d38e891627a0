/** Bytes that arrive in pieces and are taken away in parts. Copies each byte at most twice. */
export class PieceBuffer {
  #pieces: Uint8Array[] = [];
  size = 0;

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.size += piece.length;
  }

  /** All bytes, as one array. */
  whole(): Uint8Array {
    if (this.#pieces.length === 1) return this.#pieces[0]!;
    const whole = joinBytes(this.#pieces);
    this.#pieces = [whole];
    return whole;
  }

  /** Takes away all bytes. */
  take(): Uint8Array {
    const whole = this.whole();
    [this.#pieces, this.size] = [[], 0];
    return whole;
  }

  /** Takes away the first bytes. */
  drop(count: number): void {
    // A copy, so that the memory of the bytes that were taken away is free.
    const rest = this.whole().slice(count);
    this.#pieces = [rest];
    this.size = rest.length;
  }
}

/** Copies pieces into one array. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
