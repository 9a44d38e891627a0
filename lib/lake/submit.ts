import { isUtf8 } from "node:buffer";
import { chunksByBytes } from "../chunks.ts";
import type { PublicKey } from "../envelope/key.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { ianaTimeZone } from "../time_zone.ts";
import type { CacheLake, Upload } from "./lake.ts";

/** The fields of an upload that its member chooses. */
export type UploadFields = Pick<Upload, "typetag" | "orgid" | "timezone">;

/** A file to submit or import, or why it could not be read. */
export type InputFile = {
  readonly name: string;
  readonly data: Uint8Array | Error;
  /** When the file was last changed, in seconds since 1970, if that is known. */
  readonly modified?: number;
};

/** A file that is in the lake as the entry `id`. */
export type SubmittedFile = { readonly name: string; readonly id: string };
/** A file that was not submitted, and why. */
export type RefusedFile = { readonly name: string; readonly reason: string };

export type SubmitOptions = {
  readonly lake: Pick<CacheLake, "submit">;
  readonly key: PublicKey;
  readonly upload: UploadFields;
  /** Larger envelopes are refused, as the archive would refuse them. In bytes. */
  readonly maxBytes: number;
  /** Seconds since 1970: the entries' `timestamp`. */
  readonly now: () => number;
  /** Called after each batch, once its entries are durable, with what became of its files. */
  readonly progress: (
    submitted: readonly SubmittedFile[],
    refused: readonly RefusedFile[],
  ) => void;
};

const BATCH_ENTRIES = 64;
const BATCH_BYTES = 8 * 1024 ** 2;

/** Bytes of a wrapped session key (RSA modulus of at most 4096 bits), a nonce and a tag. */
const ENVELOPE_OVERHEAD = 512 + 16 + 16;

/**
 * Submits files as the API does: seals each, and puts envelope and entry into the lake. A file that
 * could not be archived (binary, too large) is refused here; the others are submitted.
 */
export async function submit(
  files: AsyncIterable<InputFile>,
  options: SubmitOptions,
): Promise<void> {
  const batches = chunksByBytes(files, {
    maxItems: BATCH_ENTRIES,
    maxBytes: BATCH_BYTES,
    bytesOf: ({ data }) => data instanceof Error ? 0 : data.length,
  });
  for await (const batch of batches) await submitBatch(batch, options);
}

/**
 * Checks the fields that a member chooses.
 *
 * @throws {TypeError} when the typetag or the orgid is empty.
 * @throws {RangeError} when the time zone is unknown.
 */
export function checkUploadFields({ typetag, orgid, timezone }: UploadFields): void {
  if (typetag.trim() === "") throw new TypeError("Cannot submit data: its type is empty");
  if (orgid.trim() === "") throw new TypeError("Cannot submit data: its organisation is empty");
  if (ianaTimeZone(timezone) === undefined) {
    throw new RangeError(
      `Cannot submit data: ${JSON.stringify(timezone)} is not a time zone. ` +
        "Give a name such as UTC or America/Los_Angeles",
    );
  }
}

async function submitBatch(batch: readonly InputFile[], options: SubmitOptions): Promise<void> {
  const { lake, key, upload, maxBytes, now, progress } = options;
  const refused: RefusedFile[] = [];
  const sealing: Promise<Upload>[] = [];
  for (const { name, data } of batch) {
    const checked = checkData(data, maxBytes);
    if (checked instanceof Error) {
      refused.push({ name, reason: checked.message });
      continue;
    }
    const timestamp = now();
    sealing.push(
      sealEnvelope(checked, key).then((bytes) => ({ ...upload, name, timestamp, bytes })),
    );
  }
  const uploads = await Promise.all(sealing);
  const ids = uploads.length > 0 ? await lake.submit(uploads) : [];
  progress(ids.map((id, i) => ({ name: uploads[i]!.name, id })), refused);
}

function checkData(data: InputFile["data"], maxBytes: number): Uint8Array | Error {
  if (data instanceof Error) return data;
  if (data.length + ENVELOPE_OVERHEAD > maxBytes) {
    return new RangeError(`it has ${data.length} bytes, and an envelope at most ${maxBytes}`);
  }
  if (!isUtf8(data)) {
    return new TypeError("it is not UTF-8 text, and binary data cannot be archived");
  }
  return data;
}
