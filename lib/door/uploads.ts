import { Buffer, isUtf8 } from "node:buffer";
import pLimit from "p-limit";
import type { Aliases } from "../aliases.ts";
import type { PublicKey } from "../envelope/key.ts";
import { Rejected } from "../errors.ts";
import type { CacheLake, Upload } from "../lake/lake.ts";
import { isStorableJson, SURE_TEXT_BYTES } from "../lake/parse.ts";
import { submit, type UploadFields } from "../lake/submit.ts";
import { release } from "../release.ts";
import { isCompressed, isMarked, toUtf8 } from "../text/utf8_stream.ts";
import { Refusal } from "./refusal.ts";
import { tooLarge, UploadBytes } from "./upload_bytes.ts";
import { BodySlots } from "./body_slots.ts";
import { MOST_BODIES } from "./read_body.ts";
import { SharedSubmits } from "./shared_submits.ts";
import { BodyMemory } from "./body_memory.ts";
import { readUploadForm, type UploadForm } from "./upload_form.ts";

export type UploadsOptions = {
  readonly lake: Pick<CacheLake, "submit">;
  /** Key with which uploads are sealed; undefined if there is none, so that nothing is taken. */
  readonly key: PublicKey | undefined;
  /** The most bytes of an envelope. */
  readonly maxBytes: number;
  readonly aliases: Aliases;
  /** Returns seconds since 1970. */
  readonly now: () => number;
};

/** The most bytes of all files that are being read, or wait to be sealed. */
const MOST_WAITING_BYTES = 20 * 1024 ** 2;

/** Files over so many bytes are sealed one after another: each is in memory several times meanwhile. */
const LARGE_BYTES = 4 * 1024 ** 2;

/** Takes uploads from requests into the lake: sealed in memory, never in plaintext on disk. */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #memory: BodyMemory;
  readonly #lake: Pick<CacheLake, "submit">;
  readonly #slots = new BodySlots(MOST_BODIES);
  readonly #oneByOne = pLimit(1);

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.#lake = new SharedSubmits(options.lake);
    this.#memory = new BodyMemory(MOST_WAITING_BYTES);
  }

  /**
   * Reads a form with a file from a caller's request, and gives it to `take`. The memory of the file
   * counts until `take` has ended.
   *
   * @throws {Refusal} when there is no key, and as {@link readUploadForm}.
   */
  async receive<Result>(
    request: Pick<Request, "body" | "headers">,
    { names, caller }: { readonly names: readonly string[]; readonly caller: string },
    take: (form: UploadForm) => Promise<Result>,
  ): Promise<Result> {
    if (this.#options.key === undefined) throw withoutKey();
    using account = this.#memory.open(caller);
    const { maxBytes } = this.#options;
    const read = () => readUploadForm(request, { names, maxBytes, account });
    const form = await this.#slots.run(caller, read);
    using _file = form.file;
    return await take(form);
  }

  /**
   * Seals a file and puts it into the lake. Returns the id of its entry once it is durable.
   *
   * @throws {Refusal} 400 when it cannot be archived, 413 when it is too large for a document.
   */
  put(name: string, file: UploadBytes, upload: UploadFields): Promise<string> {
    const isLarge = file.length > LARGE_BYTES || isCompressed(file.bytes);
    const put = () => this.#put(name, file, upload);
    return isLarge ? this.#oneByOne(put) : put();
  }

  async #put(name: string, file: UploadBytes, upload: UploadFields): Promise<string> {
    const { maxBytes, aliases } = this.#options;
    const archivedAs = aliases.get(upload.typetag) ?? upload.typetag;
    const { bytes, isCompacted } = file;
    if (!isCompressed(bytes) && !isMarked(bytes)) {
      checkText(file, { isCompacted, typetag: archivedAs });
      return await this.#submit(name, file, { upload, archivedAs });
    }
    using text = await unpack(bytes, maxBytes);
    file[Symbol.dispose]();
    // Behind a byte order mark the file itself may be without its whitespace.
    checkText(text, { isCompacted: isCompacted || text.isCompacted, typetag: archivedAs });
    return await this.#submit(name, text, { upload, archivedAs });
  }

  async #submit(
    name: string,
    text: UploadBytes,
    { upload, archivedAs }: { readonly upload: UploadFields; readonly archivedAs: string },
  ): Promise<string> {
    const { key, maxBytes, now } = this.#options;
    if (key === undefined) throw withoutKey();
    let id: string | undefined;
    let reason = "";
    await submit(oneFile(name, text.bytes), {
      lake: { submit: (uploads) => submitOnce(this.#lake, uploads) },
      key,
      upload,
      archivedAs,
      maxBytes,
      now,
      onEncrypted: () => text[Symbol.dispose](),
      progress: ([submitted], [refused]) => {
        id = submitted?.id;
        reason = refused?.reason ?? "";
      },
    });
    if (id === undefined) throw cannotArchive(reason);
    return id;
  }
}

/** Puts uploads into the lake, and gives their memory back. */
async function submitOnce(
  lake: Pick<CacheLake, "submit">,
  uploads: readonly Upload[],
): Promise<string[]> {
  const ids = await lake.submit(uploads);
  for (const { bytes } of uploads) release(bytes as Uint8Array<ArrayBuffer>);
  return ids;
}

/** The text of a compressed or marked file, in UTF-8. */
async function unpack(bytes: Uint8Array, maxBytes: number): Promise<UploadBytes> {
  const text = new UploadBytes();
  try {
    for await (const chunk of toUtf8([bytes], maxBytes)) text.add(chunk);
    if (isCompressed(text.bytes)) throw cannotArchive("it is compressed twice");
    return text;
  } catch (error) {
    text[Symbol.dispose]();
    throw error instanceof Rejected ? cannotArchive(error.message) : error;
  }
}

/**
 * @throws {Refusal} 413 when whitespace is missing from a file that means something else without, or
 * no document can hold it.
 */
function checkText(
  { bytes }: UploadBytes,
  { isCompacted, typetag }: { readonly isCompacted: boolean; readonly typetag: string },
): void {
  if (!isCompacted && bytes.length <= SURE_TEXT_BYTES) return;
  const text = isUtf8(bytes) ? Buffer.from(bytes.buffer, 0, bytes.length).toString() : "";
  if (!isStorableJson(text, typetag)) throw tooLarge();
}

function cannotArchive(reason: string): Refusal {
  return new Refusal(400, `Invalid or missing file! ${reason}`);
}

async function* oneFile(name: string, data: Uint8Array) {
  yield { name, data };
}

function withoutKey(): Refusal {
  return new Refusal(
    503,
    "Cannot take uploads: this server has no public key to seal them with. " +
      "Its operator makes a pair (archive keygen), or sets archive.public_key",
  );
}
