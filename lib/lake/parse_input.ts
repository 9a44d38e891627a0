import { MAX_DOCUMENT_BYTES } from "../tahoe/bson.ts";
import { decodeUpload } from "./decode.ts";
import { type ParsedUpload, parsePlaintext } from "./parse.ts";
import type { InputFile, UploadFields } from "./submit.ts";

/** An input file that could be read. */
export type ReadableInput = InputFile & { readonly data: Uint8Array };

/** What the sender says of an input, and when it was sent if the file does not tell. */
export type InputFields = {
  readonly upload: UploadFields;
  /** Seconds since 1970. */
  readonly timestamp: number;
};

/**
 * Reads an input file as an upload.
 *
 * @throws {Rejected} when its data cannot be archived.
 */
export async function parseInput(
  { name, data, modified }: ReadableInput,
  { upload, timestamp }: InputFields,
): Promise<ParsedUpload> {
  const { orgid, timezone, typetag } = upload;
  const { text, skipped } = await decodeUpload(data, { typetag, maxBytes: MAX_DOCUMENT_BYTES });
  const raw = parsePlaintext(text, upload);
  const source = { orgid, timezone, timestamp: modified ?? timestamp, name };
  return { raw, source, skipped, file: name };
}
