/** Listens as the API does for the end of a query, and keeps what each connection sent. */
export class Listener {
  readonly hostname: string;
  readonly port: number;
  readonly #listener: Deno.Listener;
  readonly #texts: string[] = [];
  #arrived = Promise.withResolvers<void>();
  readonly #serving: Promise<void>;

  /** On any free port if none is given. */
  constructor(hostname: string, port = 0) {
    this.hostname = hostname;
    this.#listener = Deno.listen({ hostname, port });
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    this.#serving = this.#serve();
  }

  async #serve(): Promise<void> {
    for await (const conn of this.#listener) {
      this.#texts.push(await new Response(conn.readable).text());
      this.#arrived.resolve();
      this.#arrived = Promise.withResolvers();
    }
  }

  /** What came, in order, once so many connections have come and ended. */
  received = async (connections: number): Promise<readonly string[]> => {
    while (this.#texts.length < connections) await this.#arrived.promise;
    return this.#texts.slice();
  };

  async close(): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }
}
