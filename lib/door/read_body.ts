import { Buffer } from "node:buffer";
import { parseJson } from "../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import { type BodyAccount, BodyMemory } from "./body_memory.ts";
import { BodySlots } from "./body_slots.ts";
import { Refusal } from "./refusal.ts";

/** Milliseconds in which the next bytes of a body must come. */
const PAUSE_MS = 20_000;

/** Milliseconds in which a whole body must come, and the bytes for which, once here, there is one more. */
const WHOLE_MS = 60_000;
const BYTES_PER_MS = 100;

/** The most bytes of a question: its longest field is the body of a message, of 4 MiB. */
const MAX_JSON_BYTES = 5 * 1024 ** 2;

/** The most bytes of all large bodies together: an answer takes several times as many as its question. */
const MAX_HELD_JSON_BYTES = MAX_JSON_BYTES;

/** Bodies that are read at the same time; and as many uploads: of 512 connections some stay free. */
export const MOST_BODIES = 224;

/** Members of a request: thousands of indicators to look up, at most. */
const MAX_JSON_MEMBERS = 100_000;

/** Milliseconds for which a body is waited for. */
export type BodyTimes = {
  /** Until its next bytes come. */
  readonly pauseMs?: number;
  /** Until it has come as a whole; a large one gets more. */
  readonly wholeMs?: number;
};

/**
 * Reads the body of a request as it comes.
 *
 * @throws {Refusal} 413 as soon as there are more than `maxBytes`; 408 when it comes too slowly; 400
 * when it breaks off; 415 when it is encoded.
 */
export async function* readChunks(
  { body, headers }: Pick<Request, "body" | "headers">,
  maxBytes: number,
  { pauseMs = PAUSE_MS, wholeMs = WHOLE_MS }: BodyTimes = {},
): AsyncGenerator<Uint8Array> {
  const tooLarge = () =>
    new Refusal(413, `Cannot take so much: a request has at most ${maxBytes} bytes`, {
      kind: "body_too_large",
    });
  checkEncoding(headers.get("content-encoding"));
  if (Number(headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  if (body === null) return;
  const reader = body.getReader();
  const start = performance.now();
  let bytes = 0;
  try {
    while (true) {
      const deadline = start + wholeMs + bytes / BYTES_PER_MS;
      const chunk = await readInTime(reader, Math.min(pauseMs, deadline - performance.now()));
      if (chunk === undefined) return;
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      yield chunk;
    }
  } finally {
    // The rest is not wanted here; the gate discards it.
    reader.releaseLock();
  }
}

function checkEncoding(encoding: string | null): void {
  if (encoding === null || encoding.toLowerCase() === "identity") return;
  throw new Refusal(
    415,
    "Cannot read an encoded request: send it without Content-Encoding. A file itself may be gzip",
  );
}

async function readInTime(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  ms: number,
): Promise<Uint8Array | undefined> {
  const late = Promise.withResolvers<never>();
  const tooSlow = () =>
    new Refusal(408, "Cannot wait any longer for the rest of the request", {
      kind: "body_too_slow",
    });
  const timer = setTimeout(() => late.reject(tooSlow()), Math.max(0, ms));
  try {
    const { value } = await Promise.race([reader.read(), late.promise]);
    return value;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "Cannot read the request: it broke off", {
      cause: error,
      kind: "body_broken",
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Who sends a body, and how large it may be. */
export type JsonBodyOptions = { readonly caller: string; readonly maxBytes?: number };

/** Reads bodies that are JSON objects. */
export class JsonBodies {
  readonly #memory = new BodyMemory(MAX_HELD_JSON_BYTES);
  readonly #slots = new BodySlots(MOST_BODIES);

  /**
   * Reads the body of a request, and gives it to `take`. The memory of the body counts until `take` has
   * ended. `caller` is who sends it.
   *
   * @throws {Refusal} 400 when it is not a JSON object, 503 when too many large ones are being read,
   * and as {@link readChunks}.
   */
  async receive<Result>(
    request: Pick<Request, "body" | "headers">,
    { caller, maxBytes = MAX_JSON_BYTES }: JsonBodyOptions,
    take: (fields: Fields) => Promise<Result>,
  ): Promise<Result> {
    using account = this.#memory.open(caller);
    const read = () => readFields(request, { maxBytes, account });
    return await take(await this.#slots.run(caller, read));
  }
}

type ReadFieldsOptions = { readonly maxBytes: number; readonly account: BodyAccount };

async function readFields(
  request: Pick<Request, "body" | "headers">,
  { maxBytes, account }: ReadFieldsOptions,
): Promise<Fields> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(request, maxBytes)) {
    account.hold(bytes += chunk.length);
    chunks.push(chunk);
  }
  const value = parseBody(Buffer.concat(chunks));
  if (!isFields(value)) throw new Refusal(400, "Invalid input: the body is not a JSON object!");
  return value;
}

function parseBody(bytes: Uint8Array): Value {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return parseJson(text, { maxMembers: MAX_JSON_MEMBERS, maxDigits: 1000 });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Refusal(400, `Invalid input: the JSON cannot be read: ${error.message}!`);
    }
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw new Refusal(400, "Invalid input: the body is not JSON!");
  }
}
