/** The most bytes that are read of a notification; a nonce of ours has 36. */
const MAX_NONCE_BYTES = 64;

/** Milliseconds after which a connection that has sent nothing is closed. */
const READ_TIMEOUT_MS = 2000;

/** A notification that is waited for. Once disposed, it does not come any more. */
export type ExpectedNotification = Disposable & {
  readonly nonce: string;
  /** Resolves when the nonce was received. */
  readonly received: Promise<void>;
};

/** Listens on a port of its own for the end of queries: the other side of `notify`. */
export class Notifications implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #expected = new Map<string, () => void>();

  constructor() {
    this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Makes a nonce, which only the query's caller and the report program know. */
  expect(): ExpectedNotification {
    const nonce = crypto.randomUUID();
    const { promise: received, resolve } = Promise.withResolvers<void>();
    this.#expected.set(nonce, resolve);
    return { nonce, received, [Symbol.dispose]: () => this.#expected.delete(nonce) };
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) this.#read(connection);
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #read(connection: Deno.TcpConn): Promise<void> {
    const timer = setTimeout(() => closeQuietly(connection), READ_TIMEOUT_MS);
    try {
      const bytes = new Uint8Array(MAX_NONCE_BYTES);
      const length = await connection.read(bytes) ?? 0;
      const nonce = new TextDecoder().decode(bytes.subarray(0, length));
      this.#expected.get(nonce)?.();
    } catch {
      // Whoever it was, they went away, or sent nothing in time.
    } finally {
      clearTimeout(timer);
      closeQuietly(connection);
    }
  }
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
