import { Buffer, isUtf8 } from "node:buffer";
import { chunksByBytes } from "../chunks.ts";
import type { PublicKey } from "../envelope/key.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { Rejected } from "../errors.ts";
import { ianaTimeZone } from "../time_zone.ts";
import { timeZoneAdvice } from "../time_zone_advice.ts";
import { type DecodedUpload, decodeUpload } from "./decode.ts";
import type { CacheLake, Upload } from "./lake.ts";
import { isCompressed, isMarked } from "../text/utf8_stream.ts";
import { parsePlaintext, SURE_TEXT_BYTES } from "./parse.ts";

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
export type SubmittedFile = {
  readonly name: string;
  readonly id: string;
  /** What had to be guessed of its text, by name, and how often. */
  readonly skipped?: DecodedUpload["skipped"];
};
/** A file that was not submitted, and why. */
export type RefusedFile = { readonly name: string; readonly reason: string };

export type SubmitOptions = {
  readonly lake: Pick<CacheLake, "submit">;
  readonly key: PublicKey;
  readonly upload: UploadFields;
  /** The typetag of the Raws: another one than the upload's, if that is an alias. */
  readonly archivedAs?: string;
  /** Larger envelopes are refused, as the archive would refuse them. In bytes. */
  readonly maxBytes: number;
  /** Seconds since 1970: the entries' `timestamp`. */
  readonly now: () => number;
  /** Called with the name of each file whose data is not needed any more, before it is in the lake. */
  readonly onEncrypted?: (name: string) => void;
  /** Called after each batch, once its entries are durable, with what became of its files. */
  readonly progress: (
    submitted: readonly SubmittedFile[],
    refused: readonly RefusedFile[],
  ) => void;
};

type SealedFile = { readonly upload: Upload; readonly skipped: DecodedUpload["skipped"] };

const BATCH_ENTRIES = 64;
const BATCH_BYTES = 8 * 1024 ** 2;

/** Bytes in which most text has something else than whitespace. */
const START_BYTES = 256;

/** Bytes of a wrapped session key (RSA modulus of at most 4096 bits), a nonce and a tag. */
const ENVELOPE_OVERHEAD = 512 + 16 + 16;

/**
 * Submits files as the API does: seals each, and puts envelope and entry into the lake. A file that
 * could not be archived (binary, empty, too large) is refused here; the others are submitted.
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
  if (typetag.trim() === "") throw new TypeError("Cannot take the data: its type is empty");
  if (orgid.trim() === "") throw new TypeError("Cannot take the data: its organisation is empty");
  if (ianaTimeZone(timezone) === undefined) {
    throw new RangeError(
      `Cannot take the data: ${JSON.stringify(timezone)} is not a time zone: ` +
        timeZoneAdvice(timezone),
    );
  }
}

async function submitBatch(batch: readonly InputFile[], options: SubmitOptions): Promise<void> {
  const { lake, key, upload, archivedAs = upload.typetag, maxBytes, now, progress } = options;
  const { onEncrypted = () => {} } = options;
  const refused: RefusedFile[] = [];
  const sealing: Promise<SealedFile>[] = [];
  for (const { name, data } of batch) {
    const checked = await checkData(data, { typetag: archivedAs, maxBytes });
    if (checked instanceof Error) {
      refused.push({ name, reason: checked.message });
      continue;
    }
    const { skipped } = checked;
    const timestamp = now();
    sealing.push(
      sealEnvelope(checked.bytes, key, () => onEncrypted(name))
        .then((bytes) => ({ upload: { ...upload, name, timestamp, bytes }, skipped })),
    );
  }
  const sealed = await Promise.all(sealing);
  const ids = sealed.length > 0 ? await lake.submit(sealed.map(({ upload }) => upload)) : [];
  const submitted = ids.map((id, i) => {
    const { upload: { name }, skipped } = sealed[i]!;
    return { name, id, ...(Object.keys(skipped).length > 0 && { skipped }) };
  });
  progress(submitted, refused);
}

/** The text of a file in UTF-8, whatever it was before, or why it cannot be archived. */
async function checkData(
  data: InputFile["data"],
  { typetag, maxBytes }: { readonly typetag: string; readonly maxBytes: number },
): Promise<{ bytes: Uint8Array; skipped: DecodedUpload["skipped"] } | Error> {
  if (data instanceof Error) return data;
  if (isSureText(data, maxBytes)) return { bytes: data, skipped: {} };
  try {
    const { text, skipped } = await decodeUpload(data, { typetag, maxBytes });
    if (!/\S/.test(text)) return new RangeError("it is empty");
    const size = Buffer.byteLength(text);
    if (size + ENVELOPE_OVERHEAD > maxBytes) {
      return new RangeError(`it has ${size} bytes, and an envelope at most ${maxBytes}`);
    }
    // Of larger text only parsing tells whether it fits.
    if (size > SURE_TEXT_BYTES) parsePlaintext(text, { typetag, orgid: "", timezone: null });
    // Not before: what is refused is not in memory once more.
    return { bytes: new TextEncoder().encode(text), skipped };
  } catch (error) {
    if (error instanceof Rejected) return error;
    throw error;
  }
}

/**
 * Whether data can be archived as it is, whatever it says: UTF-8 that fits a document, and begins with
 * something else than whitespace. It takes no memory to tell.
 */
function isSureText(data: Uint8Array, maxBytes: number): boolean {
  if (data.length > SURE_TEXT_BYTES || data.length + ENVELOPE_OVERHEAD > maxBytes) return false;
  if (isCompressed(data) || isMarked(data) || !isUtf8(data)) return false;
  return /\S/.test(new TextDecoder().decode(data.subarray(0, START_BYTES)));
}
