import { sleep } from "../sleep.ts";
import { discardBody } from "./discard_body.ts";
import { closeQuietly, GateConnection } from "./gate_connection.ts";

/** Answers a request of the client with this address; what it leaves unread of the body is discarded. */
export type Handler = (request: Request, address: string) => Response | Promise<Response>;

export type GateOptions = {
  readonly hostname: string;
  readonly port: number;
  /** PEM texts, for TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly handler: Handler;
  /** The most connections at the same time. */
  readonly maxConnections?: number;
  /** Milliseconds in which a client must have sent the head of its next request. */
  readonly idleMs?: number;
  /** Milliseconds for which what a client still sends is read and dropped, once it has its response. */
  readonly lingerMs?: number;
  /** Called when the gate ends a connection: its client sends nothing, takes nothing, or is one too many. */
  readonly onClose?: (reason: CloseReason) => void;
};

/** Why the gate itself ends connections. */
export const CLOSE_REASONS = ["idle", "stuck", "full"] as const;

export type CloseReason = typeof CLOSE_REASONS[number];

/** Milliseconds between two looks at connections. */
const LOOK_MS = 500;

/** Milliseconds to wait when no connection can be accepted, such as without free file descriptors. */
const ACCEPT_PAUSE_MS = 100;

/** Milliseconds without a request after which a connection is closed while the gate drains. */
const DRAIN_IDLE_MS = 200;

/**
 * The port that clients connect to. Deno's HTTP server waits for the head of a request without end, in
 * 2.4 and 2.9, and takes any number of connections. So it listens behind this gate, on a loopback port
 * of its own, and the gate closes what is idle or stuck, and bounds how many there are.
 */
export class Gate {
  readonly #listener: Deno.Listener;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #handler: Handler;
  readonly #maxConnections: number;
  readonly #ending = new AbortController();
  /** Connections by the port that the server sees them come from. */
  readonly #connections = new Map<number, GateConnection>();
  /** What is still being copied. */
  readonly #copying = new Set<Promise<void>>();
  readonly #onClose: (reason: CloseReason) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #lingerMs: number;
  #idleMs: number;
  #isDraining = false;

  /** Opens the port; throws as Deno.listen does. */
  constructor(
    {
      hostname,
      port,
      tls,
      handler,
      maxConnections = 512,
      idleMs = 30_000,
      lingerMs = 30_000,
      onClose = () => {},
    }: GateOptions,
  ) {
    this.#onClose = onClose;
    this.#handler = handler;
    this.#maxConnections = maxConnections;
    this.#idleMs = idleMs;
    this.#lingerMs = lingerMs;
    this.#listener = tls === undefined
      ? Deno.listen({ hostname, port })
      : Deno.listenTls({ hostname, port, ...tls, alpnProtocols: ["http/1.1"] });
    this.#server = Deno.serve(
      {
        hostname: "127.0.0.1",
        port: 0,
        signal: this.#ending.signal,
        onListen: () => {},
        onError: () => new Response(null, { status: 500 }),
      },
      (request, info) => this.#answer(request, info),
    );
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#accept();
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** Connections of clients that are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Ends: takes no connection any more, and waits for the requests that are being answered. */
  async drain(graceMs: number): Promise<void> {
    this.#isDraining = true;
    this.#idleMs = DRAIN_IDLE_MS;
    closeQuietly(this.#listener);
    const deadline = performance.now() + graceMs;
    while (this.#connections.size > 0 && performance.now() < deadline) {
      this.#look();
      await sleep(DRAIN_IDLE_MS / 4);
    }
    clearInterval(this.#timer);
    for (const connection of this.#connections.values()) connection.close();
    await Promise.all(this.#copying);
    this.#ending.abort();
    await this.#server.finished;
  }

  async #answer(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Response> {
    const connection = this.#connections.get(info.remoteAddr.port);
    // Only the gate may connect to the server behind it.
    if (connection === undefined) return new Response(null, { status: 403 });
    connection.begin(info.completed);
    const response = this.#isDraining
      ? refuse("The server is being stopped")
      : await this.#handler(request, connection.address);
    await discardBody(request, () => connection.stopRequests());
    // The connection ends with the response.
    if (this.#isDraining || !connection.takesRequests) response.headers.set("connection", "close");
    return response;
  }

  async #accept(): Promise<void> {
    while (!this.#isDraining) {
      try {
        const copying = this.#take(await this.#listener.accept());
        this.#copying.add(copying);
        copying.then(() => this.#copying.delete(copying));
      } catch {
        if (!this.#isDraining) await sleep(ACCEPT_PAUSE_MS);
      }
    }
  }

  async #take(client: Deno.Conn): Promise<void> {
    try {
      if (this.#connections.size >= this.#maxConnections && !this.#makeRoom()) {
        this.#onClose("full");
        return closeQuietly(client);
      }
      const { hostname } = client.remoteAddr as Deno.NetAddr;
      const server = await Deno.connect({
        hostname: "127.0.0.1",
        port: this.#server.addr.port,
      });
      const { port } = server.localAddr as Deno.NetAddr;
      const connection = new GateConnection(client, server, hostname);
      this.#connections.set(port, connection);
      await connection.copy(this.#lingerMs);
      this.#connections.delete(port);
    } catch {
      closeQuietly(client);
    }
  }

  /** Closes the connection that was idle for longest; returns whether there was one. */
  #makeRoom(): boolean {
    const [idlest] = [...this.#connections.values()].filter(({ idleMs }) => idleMs > 0)
      .sort((one, other) => other.idleMs - one.idleMs);
    if (idlest === undefined) return false;
    idlest.close();
    this.#onClose("full");
    return true;
  }

  #look(): void {
    for (const connection of this.#connections.values()) {
      const reason = connection.isStuck ? "stuck" : "idle";
      if (reason === "idle" && connection.idleMs <= this.#idleMs) continue;
      connection.close();
      if (!this.#isDraining) this.#onClose(reason);
    }
  }
}

function refuse(why: string): Response {
  const headers = { "content-type": "application/json", "retry-after": "5" };
  return new Response(JSON.stringify({ message: why }), { status: 503, headers });
}
