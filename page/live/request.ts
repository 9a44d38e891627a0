import { parseJson } from "../../lib/tahoe/json.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { objectOf } from "../read/fields.ts";

/** Signals that the server refused a request, or cannot be reached; the message says why. */
export class Refused extends Error {
  override name = "Refused";
  /** Status of the response; 0 if there is none. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export type RequestOptions = {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
};

/**
 * Sends a request to the server that the page came from, and returns the object that it answers with.
 * What is still being worked on is asked for again.
 *
 * @throws {Refused} when there is no answer.
 */
export async function request(path: string, options: RequestOptions = {}): Promise<Fields> {
  while (true) {
    const response = await send(path, options);
    const text = await response.text();
    if (response.status === 202) {
      await sleep(1000 * Number(response.headers.get("retry-after") ?? 5));
      continue;
    }
    const fields = text === "" ? {} : readObject(text);
    if (response.ok) return fields;
    const reason = fields["detail"] ?? fields["message"];
    throw new Refused(response.status, String(reason ?? `The server answers ${response.status}`));
  }
}

async function send(
  path: string,
  { method = "GET", body, signal }: RequestOptions,
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, "Cannot reach the server: it was stopped, or the network is away", {
      cause: error,
    });
  }
}

function readObject(text: string): Fields {
  try {
    return objectOf(parseJson(text));
  } catch (error) {
    throw new Refused(0, "Cannot read what the server answers: it is not JSON", { cause: error });
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
