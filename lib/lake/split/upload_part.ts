/** A part of an upload, or a record of it that cannot be taken. */
export type UploadPart = {
  /** The part; or why the record cannot be taken, while the others can. */
  readonly data: Uint8Array | Error;
  /** Number of the part from 1; missing if the upload is one part. */
  readonly part?: number;
  /** Id or number of the record that cannot be taken. */
  readonly record?: string;
};
