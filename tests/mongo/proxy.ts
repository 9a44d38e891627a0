/** A TCP proxy in front of a server, whose connections can be held, cut and restored. */
export class Proxy {
  readonly port: number;
  readonly #target: { hostname: string; port: number };
  #listener: Deno.Listener | undefined;
  readonly #open = new Set<Deno.Conn>();
  readonly #work = new Set<Promise<void>>();
  #held = Promise.withResolvers<void>();

  constructor(target: { hostname: string; port: number }) {
    this.#target = target;
    this.#held.resolve();
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    this.#track(this.#serve(this.#listener));
  }

  /** Passes nothing on any more, as a firewall that drops packets, until {@link Proxy.cut}. */
  hold(): void {
    this.#held = Promise.withResolvers();
  }

  /** Closes every connection and refuses new ones. */
  async cut(): Promise<void> {
    this.#listener?.close();
    this.#listener = undefined;
    for (const conn of this.#open) closeIfOpen(conn);
    this.#open.clear();
    this.#held.resolve();
    await Promise.all(this.#work);
  }

  /** Accepts connections again. */
  mend(): void {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.port });
    this.#track(this.#serve(this.#listener));
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch(() => {}).finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  async #serve(listener: Deno.Listener): Promise<void> {
    for await (const near of listener) {
      const far = await Deno.connect(this.#target);
      this.#open.add(near).add(far);
      // A pipe that ends closes its connections by itself.
      this.#track(
        Promise.allSettled([this.#pass(near, far), this.#pass(far, near)])
          .then(() => [near, far].forEach((conn) => this.#open.delete(conn))),
      );
    }
  }

  #pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const gate = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: async (chunk, controller) => {
        await this.#held.promise;
        controller.enqueue(chunk);
      },
    });
    return from.readable.pipeThrough(gate).pipeTo(to.writable);
  }
}

/** A pipe that ended has closed its connections already. */
function closeIfOpen(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
