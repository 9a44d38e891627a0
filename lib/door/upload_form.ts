import { once } from "node:events";
import { Busboy, type BusboyConfig, type BusboyFileStream } from "@fastify/busboy";
import { readChunks } from "./read_body.ts";
import { Refusal } from "./refusal.ts";
import { UploadBytes } from "./upload_bytes.ts";
import type { BodyAccount } from "./body_memory.ts";

/** A form as it was sent: its fields by name, and its file, which somebody must dispose of. */
export type UploadForm = {
  readonly fields: ReadonlyMap<string, string>;
  readonly file?: UploadBytes;
};

export type UploadFormOptions = {
  /** Names of the fields that the form may have; it may also have `file`. */
  readonly names: readonly string[];
  /** The most bytes of the file. */
  readonly maxBytes: number;
  /** Where the memory of the file is accounted for. */
  readonly account: BodyAccount;
};

/** The most bytes of a field, and of everything around fields and file. */
const MAX_FIELD_BYTES = 64 * 1024;
const MAX_FORM_BYTES = 1024 ** 2;

const MAX_PARTS = 64;

/**
 * Reads a form (multipart/form-data) as it comes in. The last of fields with the same name wins.
 *
 * @throws {Refusal} 400 when it is not one, or has a part of another name; 413 as soon as the file is
 * too large.
 */
export async function readUploadForm(
  request: Pick<Request, "body" | "headers">,
  options: UploadFormOptions,
): Promise<UploadForm> {
  const draft = new FormDraft(createParser(request.headers), options);
  try {
    for await (const chunk of readChunks(request, options.maxBytes + MAX_FORM_BYTES)) {
      await draft.write(chunk);
    }
    return await draft.finish();
  } catch (error) {
    draft.discard();
    throw error;
  }
}

type Parser = InstanceType<typeof Busboy>;

function createParser(headers: Headers): Parser {
  const type = headers.get("content-type") ?? "";
  try {
    const config: BusboyConfig = {
      headers: { "content-type": type },
      limits: { fieldSize: MAX_FIELD_BYTES, parts: MAX_PARTS, headerPairs: MAX_PARTS },
      isPartAFile: (name) => name === "file",
    };
    if (/^multipart\/form-data\b/i.test(type)) return new Busboy(config);
  } catch {
    // The type names no boundary.
  }
  throw new Refusal(400, "Invalid input: the body is not a form (multipart/form-data)!");
}

/** The most characters of a part's name that an answer repeats. */
const MAX_SHOWN = 100;

/** Shows the name of a part, which may have none. */
function showName(name: string | undefined): string {
  if (name === undefined) return "a part has no name!";
  return name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name;
}

/** A form that is still being read. */
class FormDraft {
  readonly #parser: Parser;
  readonly #options: UploadFormOptions;
  readonly #fields = new Map<string, string>();
  #file: UploadBytes | undefined;
  #size = 0;
  #fault: unknown;
  readonly #finished = Promise.withResolvers<void>();

  constructor(parser: Parser, options: UploadFormOptions) {
    this.#parser = parser;
    this.#options = options;
    parser.on("file", (_name, stream) => this.#readFile(stream));
    parser.on("field", (name, text, _isNameCut, isCut) => this.#addField(name, text, isCut));
    parser.on("partsLimit", () => this.#fail(new Refusal(400, "Invalid input: too many parts!")));
    parser.on("error", () => {
      this.#fail(new Refusal(400, "Invalid input: the form is damaged or breaks off!"));
      this.#finished.resolve();
    });
    parser.on("finish", () => this.#finished.resolve());
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#throwFault();
    if (!this.#parser.write(chunk)) {
      await Promise.race([once(this.#parser, "drain"), this.#finished.promise]);
    }
    this.#throwFault();
  }

  async finish(): Promise<UploadForm> {
    this.#parser.end();
    await this.#finished.promise;
    this.#throwFault();
    const file = this.#file;
    return { fields: this.#fields, ...(file !== undefined && { file }) };
  }

  #readFile(stream: BusboyFileStream): void {
    // The last of several counts.
    this.#file?.[Symbol.dispose]();
    const file = new UploadBytes();
    this.#file = file;
    this.#size = 0;
    stream.on("error", () => {});
    stream.on("data", (chunk: Uint8Array) => {
      if (this.#fault !== undefined) return;
      const { maxBytes, account } = this.#options;
      this.#size += chunk.length;
      if (this.#size > maxBytes) {
        return this.#fail(
          new Refusal(413, `Cannot take the file: it has more than ${maxBytes} bytes`, {
            kind: "body_too_large",
          }),
        );
      }
      try {
        account.hold(file.length + chunk.length);
        file.add(chunk);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #addField(name: string, text: string, isCut: boolean): void {
    if (!this.#options.names.includes(name)) {
      this.#fail(new Refusal(400, `Invalid input: ${showName(name)}`));
    } else if (isCut) {
      this.#fail(
        new Refusal(400, `Invalid input: ${name} is longer than ${MAX_FIELD_BYTES} bytes!`),
      );
    } else this.#fields.set(name, text);
  }

  /** Keeps the first fault: the next step throws it. */
  #fail(fault: unknown): void {
    this.#fault ??= fault;
    // What was read is not needed any more, even while the rest still comes.
    this.discard();
  }

  /** Gives the memory of the file back. */
  discard(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }
}
