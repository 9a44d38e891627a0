import { isUtf8 } from "node:buffer";
import type { PublicKey } from "../envelope/key.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { ianaTimeZone } from "../time_zone.ts";
import type { CacheLake, Upload } from "./lake.ts";

/** What an upload says of its data. */
export type UploadFields = {
  readonly typetag: string;
  /** An organisation's hash, 64 hex digits, or any other text that names it. */
  readonly orgid: string;
  /** A name of the IANA time zone database. */
  readonly timezone: string;
};

/** Something to upload, or why it could not be read. */
export type InputFile = {
  readonly name: string;
  readonly data: Uint8Array | Error;
  /** When the file was last changed, in seconds since 1970, if that is known. */
  readonly modified?: number;
};

export type Submitted = { readonly name: string; readonly id: string };
export type Refused = { readonly name: string; readonly reason: string };

export type SubmitOptions = {
  readonly lake: CacheLake;
  readonly key: PublicKey;
  readonly label: UploadFields;
  /** Larger envelopes are refused, as the archive would. In bytes. */
  readonly maxBytes: number;
  /** Seconds since 1970: the entries' `timestamp`. */
  readonly now: () => number;
  /** Told after each batch, when its entries are durable, what became of it. */
  readonly progress: (submitted: readonly Submitted[], refused: readonly Refused[]) => void;
};

/** A batch ends when it has so many entries or so many bytes. */
const BATCH_ENTRIES = 64;
const BATCH_BYTES = 8 * 1024 ** 2;

/** An RSA modulus of at most 4096 bits, nonce and tag. */
const ENVELOPE_OVERHEAD = 512 + 16 + 16;

/**
 * Does what the API does for an upload: seals the data, puts envelope and entry into the lake. What
 * cannot be archived, being no UTF-8 or too large, is refused here; the rest goes in.
 */
export async function submit(
  submissions: AsyncIterable<InputFile>,
  options: SubmitOptions,
): Promise<void> {
  let batch: InputFile[] = [];
  let bytes = 0;
  for await (const submission of submissions) {
    batch.push(submission);
    if (!(submission.data instanceof Error)) bytes += submission.data.length;
    if (batch.length < BATCH_ENTRIES && bytes < BATCH_BYTES) continue;
    await submitBatch(batch, options);
    batch = [];
    bytes = 0;
  }
  await submitBatch(batch, options);
}

/**
 * Checks what a member says of an upload.
 *
 * Throws TypeError if the typetag or the orgid is empty, RangeError if the time zone is unknown.
 */
export function checkUploadFields({ typetag, orgid, timezone }: UploadFields): void {
  if (typetag.trim() === "") throw new TypeError("Cannot submit data: its type is empty");
  if (orgid.trim() === "") throw new TypeError("Cannot submit data: its organisation is empty");
  if (ianaTimeZone(timezone) === undefined) {
    throw new RangeError(
      `Cannot submit data: ${JSON.stringify(timezone)} is no time zone. ` +
        "Give a name such as UTC or America/Los_Angeles",
    );
  }
}

async function submitBatch(batch: readonly InputFile[], options: SubmitOptions): Promise<void> {
  const { lake, key, label, now } = options;
  const refused: Refused[] = [];
  const sealing: Promise<Upload>[] = [];
  for (const { name, data } of batch) {
    const checked = checkData(data, options.maxBytes);
    if (checked instanceof Error) refused.push({ name, reason: checked.message });
    else {
      const timestamp = now();
      sealing.push(
        sealEnvelope(checked, key).then((bytes) => ({ ...label, name, timestamp, bytes })),
      );
    }
  }
  const uploads = await Promise.all(sealing);
  const ids = uploads.length > 0 ? await lake.submit(uploads) : [];
  options.progress(ids.map((id, i) => ({ name: uploads[i]!.name, id })), refused);
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
