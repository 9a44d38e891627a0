import { Buffer } from "node:buffer";
import { parseJson } from "../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import { Refusal } from "./refusal.ts";

/** Milliseconds in which the next bytes of a body must come. */
const PAUSE_MS = 20_000;

/** Milliseconds in which the whole body must come. */
const WHOLE_MS = 600_000;

/** The most bytes of a question: its longest field is the body of a message, of 4 MiB. */
const MAX_JSON_BYTES = 5 * 1024 ** 2;

/** Members of a request: thousands of indicators to look up, at most. */
const MAX_JSON_MEMBERS = 100_000;

/**
 * Reads the body of a request as it comes.
 *
 * @throws {Refusal} 413 as soon as there are more than `maxBytes`; 408 when it comes too slowly; 400
 * when it breaks off.
 */
export async function* readChunks(
  { body, headers }: Pick<Request, "body" | "headers">,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const tooLarge = () =>
    new Refusal(413, `Cannot take so much: a request has at most ${maxBytes} bytes`);
  if (Number(headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  if (body === null) return;
  const reader = body.getReader();
  const deadline = performance.now() + WHOLE_MS;
  let bytes = 0;
  try {
    while (true) {
      const chunk = await readInTime(reader, Math.min(PAUSE_MS, deadline - performance.now()));
      if (chunk === undefined) return;
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      yield chunk;
    }
  } finally {
    // The rest is not wanted; whoever sends it learns why from the response.
    reader.cancel().catch(() => {});
  }
}

async function readInTime(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  ms: number,
): Promise<Uint8Array | undefined> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Refusal(408, "Cannot wait any longer for the rest of the request")),
    Math.max(0, ms),
  );
  try {
    const { value } = await Promise.race([reader.read(), late.promise]);
    return value;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "Cannot read the request: it broke off", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads a body that is a JSON object.
 *
 * @throws {Refusal} 400 when it is not one, and as {@link readChunks}.
 */
export async function readJsonBody(request: Pick<Request, "body" | "headers">): Promise<Fields> {
  const chunks = await Array.fromAsync(readChunks(request, MAX_JSON_BYTES));
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
