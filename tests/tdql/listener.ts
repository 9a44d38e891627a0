/** Listens for the end of a query, as the API does, and keeps what each connection sent. */
export class Listener {
  readonly hostname: string;
  readonly port: number;
  readonly #listener: Deno.Listener;
  readonly #texts: string[] = [];
  #nextArrival = Promise.withResolvers<void>();
  readonly #serving: Promise<void>;

  /** Listens on a free port by default. */
  constructor(hostname: string, port = 0) {
    this.hostname = hostname;
    this.#listener = Deno.listen({ hostname, port });
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    this.#serving = this.#serve();
  }

  async #serve(): Promise<void> {
    for await (const conn of this.#listener) {
      this.#texts.push(await new Response(conn.readable).text());
      this.#nextArrival.resolve();
      this.#nextArrival = Promise.withResolvers();
    }
  }

  /** Returns what was sent, in order, after this many connections have ended. */
  received = async (connections: number): Promise<readonly string[]> => {
    while (this.#texts.length < connections) await this.#nextArrival.promise;
    return this.#texts.slice();
  };

  async close(): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }
}
