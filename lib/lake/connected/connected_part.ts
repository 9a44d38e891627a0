/** A record that cannot be imported, by its id or number. */
export type RefusedRecord = { readonly record: string; readonly reason: string };

/** A part of an upload whose records refer to each other. */
export type ConnectedPart = Uint8Array | RefusedRecord;

export type ConnectedLimits = {
  /** Most bytes of a part of several records. */
  readonly partBytes: number;
  /** Most bytes of a record with everything that its events need. */
  readonly maxBytes: number;
};

/** Says that a record has too many bytes. */
export function tooLarge(record: string, bytes: number, maxBytes: number): RefusedRecord {
  return {
    record,
    reason: `it has ${bytes} bytes, with what it refers to, and a record at most ${maxBytes}`,
  };
}
