/** Cuts parts from the front of an upload, one after the other. */
export type Cutter = {
  /** Bytes that a part has besides its records. */
  readonly overhead: number;
  /**
   * The part with as many records as fit `limit` bytes, or with one if it is larger; `next` is where
   * the next part starts. Undefined if `bytes` do not contain the end of a record.
   */
  cut(bytes: Uint8Array, limit: number): Cut | undefined;
  /**
   * The same where a record is damaged, so that its end was not found and no more bytes are awaited;
   * undefined if it is not, or if nothing tells where the next one begins.
   */
  recover?(bytes: Uint8Array, limit: number): Cut | undefined;
  /** Number of records, at least roughly. */
  count(bytes: Uint8Array): number;
  /** The last part, of the bytes that are left; undefined if they contain no record. */
  last(bytes: Uint8Array): Uint8Array | undefined;
};

export type Cut = { readonly data: Uint8Array; readonly next: number };

/** Cuts all that is left of an upload into parts, one at a time: together they may be large. */
export function* cutAll(
  cutter: Cutter,
  bytes: Uint8Array,
  limit: number,
): Generator<Uint8Array, void> {
  let rest = bytes;
  while (rest.length > limit - cutter.overhead) {
    const cut = cutter.cut(rest, limit) ?? cutter.recover?.(rest, limit);
    if (cut === undefined) break;
    yield cut.data;
    rest = rest.subarray(cut.next);
  }
  const last = cutter.last(rest);
  if (last !== undefined) yield last;
}
