/** Cuts parts from the front of an upload, one after the other. */
export type Cutter = {
  /** Bytes that a part has besides its records. */
  readonly overhead: number;
  /**
   * The part with as many records as fit `limit` bytes, or with one if it is larger; `next` is where
   * the next part starts. Undefined if `bytes` do not contain the end of a record.
   */
  cut(bytes: Uint8Array, limit: number): Cut | undefined;
  /** The last part, of the bytes that are left; undefined if they contain no record. */
  last(bytes: Uint8Array): Uint8Array | undefined;
};

export type Cut = { readonly data: Uint8Array; readonly next: number };
