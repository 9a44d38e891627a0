import pLimit from "p-limit";
import type { Aliases } from "../aliases.ts";
import type { PublicKey } from "../envelope/key.ts";
import type { CacheLake } from "../lake/lake.ts";
import { submit, type UploadFields } from "../lake/submit.ts";
import { Refusal } from "./refusal.ts";
import { UploadMemory } from "./upload_memory.ts";
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

/** Bytes in memory for files that are on their way at the same time, beside one of the largest. */
const SPARE_BYTES = 8 * 1024 ** 2;

/** Files over so many bytes are sealed one after another: each is in memory several times meanwhile. */
const LARGE_BYTES = 4 * 1024 ** 2;

/** Takes uploads from requests into the lake: sealed in memory, never in plaintext on disk. */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #memory: UploadMemory;
  readonly #oneByOne = pLimit(1);

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.#memory = new UploadMemory(options.maxBytes + SPARE_BYTES);
  }

  /**
   * Reads a form with a file from a request, and gives it to `take`. The memory of the file counts
   * until `take` has ended.
   *
   * @throws {Refusal} when there is no key, and as {@link readUploadForm}.
   */
  async receive<Result>(
    request: Pick<Request, "body" | "headers">,
    names: readonly string[],
    take: (form: UploadForm) => Promise<Result>,
  ): Promise<Result> {
    if (this.#options.key === undefined) throw withoutKey();
    using account = this.#memory.open();
    const { maxBytes } = this.#options;
    return await take(await readUploadForm(request, { names, maxBytes, account }));
  }

  /**
   * Seals a file and puts it into the lake. Returns the id of its entry once it is durable.
   *
   * @throws {Refusal} 400 when it cannot be archived.
   */
  put(name: string, file: Uint8Array, upload: UploadFields): Promise<string> {
    const put = () => this.#put(name, file, upload);
    return file.length > LARGE_BYTES ? this.#oneByOne(put) : put();
  }

  async #put(name: string, data: Uint8Array, upload: UploadFields): Promise<string> {
    const { lake, key, maxBytes, aliases, now } = this.#options;
    if (key === undefined) throw withoutKey();
    let id: string | undefined;
    let reason = "";
    await submit(oneFile(name, data), {
      lake,
      key,
      upload,
      archivedAs: aliases.get(upload.typetag) ?? upload.typetag,
      maxBytes,
      now,
      progress: ([submitted], [refused]) => {
        id = submitted?.id;
        reason = refused?.reason ?? "";
      },
    });
    if (id === undefined) throw new Refusal(400, `Invalid or missing file! ${reason}`);
    return id;
  }
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
