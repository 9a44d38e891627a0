/** The most bytes that are copied at once, in each direction. */
const CHUNK_BYTES = 16 * 1024;

/** Milliseconds in which the other side must take a chunk. */
const WRITE_MS = 30_000;

/** Milliseconds in which a client must send more of what nobody wants, once its last response is sent. */
const LINGER_PAUSE_MS = 2000;

/** The most bytes of it that are read and dropped. */
const LINGER_BYTES = 512 * 1024 ** 2;

/** Milliseconds between two looks at whether it still comes. */
const LINGER_LOOK_MS = 100;

/** A client's connection, and the one behind it to the HTTP server. */
export class GateConnection {
  readonly #client: Deno.Conn;
  readonly #server: Deno.TcpConn;
  /** Address of the client. */
  readonly address: string;
  /** Requests that are being answered. */
  #requests = 0;
  /**
   * When the last request ended, or the last bytes of a response were sent, or of what nobody wants came:
   * of `performance.now()`.
   */
  #idleSince = performance.now();
  /** When the write to the client began that is still going on. */
  #writingSince: number | undefined;
  /** Whether what the client sends is passed on. */
  #isWanted = true;
  #droppedBytes = 0;
  #isClosed = false;

  constructor(client: Deno.Conn, server: Deno.TcpConn, address: string) {
    this.#client = client;
    this.#server = server;
    this.address = address;
  }

  /** Marks the beginning of a request; `ended` resolves when its response has been written. */
  begin(ended: Promise<void>): void {
    this.#requests++;
    const end = () => {
      this.#requests--;
      this.#idleSince = performance.now();
      // The server waits for more, and learns only now that there is none: earlier it would not answer.
      if (!this.#isWanted) this.#server.closeWrite().catch(() => {});
    };
    ended.then(end, end);
  }

  /** Milliseconds since anything was asked or sent; 0 while a request is being answered. */
  get idleMs(): number {
    return this.#requests > 0 ? 0 : performance.now() - this.#idleSince;
  }

  /** Whether the client does not take what is sent to it. */
  get isStuck(): boolean {
    return this.#writingSince !== undefined && performance.now() - this.#writingSince > WRITE_MS;
  }

  /** Passes no more requests on, nor the rest of one. */
  stopRequests(): void {
    this.#isWanted = false;
  }

  /** Whether further requests of the client are passed on. */
  get takesRequests(): boolean {
    return this.#isWanted;
  }

  /**
   * Copies bytes in both directions until one side ends the connection. What the client still sends then
   * is dropped, for at most `lingerMs` milliseconds: many clients read the response only after that.
   * Never throws.
   */
  async copy(lingerMs: number): Promise<void> {
    const incoming = this.#copyRequests();
    await this.#copyResponses();
    const end = performance.now() + lingerMs;
    const lingering = setInterval(() => {
      if (performance.now() > end || this.idleMs > LINGER_PAUSE_MS) this.close();
    }, LINGER_LOOK_MS);
    await incoming;
    clearInterval(lingering);
    this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const connection of [this.#client, this.#server]) closeQuietly(connection);
  }

  /** Goes on reading when nobody wants the bytes any more: an unread rest would undo the response. */
  async #copyRequests(): Promise<void> {
    try {
      for await (const chunk of chunksOf(this.#client)) {
        if (!this.#isWanted) this.#drop(chunk);
        else if (!(await tryWrite(this.#server, chunk))) this.#isWanted = false;
      }
      if (this.#isWanted) await this.#server.closeWrite();
    } catch {
      // The client is gone. Its server side ends what it is doing.
      closeQuietly(this.#server);
    }
  }

  #drop({ length }: Uint8Array): void {
    this.#idleSince = performance.now();
    this.#droppedBytes += length;
    if (this.#droppedBytes > LINGER_BYTES) this.close();
  }

  async #copyResponses(): Promise<void> {
    try {
      for await (const chunk of chunksOf(this.#server)) {
        this.#writingSince = performance.now();
        await writeAll(this.#client, chunk);
        this.#writingSince = undefined;
        this.#idleSince = performance.now();
      }
      await this.#client.closeWrite();
    } catch {
      this.close();
    }
  }
}

/** What a connection sends, until it ends; each chunk is overwritten by the next. */
async function* chunksOf(connection: Deno.Conn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  while (true) {
    const length = await connection.read(buffer);
    if (length === null) return;
    yield buffer.subarray(0, length);
  }
}

async function tryWrite(connection: Deno.Conn, bytes: Uint8Array): Promise<boolean> {
  try {
    await writeAll(connection, bytes);
    return true;
  } catch {
    return false;
  }
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
}

/** Closes a connection that may be closed already. */
export function closeQuietly(connection: { close(): void }): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
