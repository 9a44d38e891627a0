import { ConfigError, errorMessage } from "../errors.ts";
import { log } from "../log.ts";
import { CONTENT_TYPE } from "../metrics/exposition.ts";

/**
 * Milliseconds that a database has to answer; Prometheus allows ten seconds for the whole scrape.
 */
const STORE_TIMEOUT_MS = 2000;

/**
 * Answers `GET /metrics` over HTTP, and anything else with 404. Returns a function that ends it.
 *
 * @throws {ConfigError} CONFIG when the port is not available.
 */
export function serveMetrics(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  writeMetrics: (ms: number, signal: AbortSignal) => Promise<string>,
): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const handler = async ({ method, url }: Request) => {
    if (method !== "GET" || new URL(url).pathname !== "/metrics") {
      return new Response("Metrics are at /metrics\n", { status: 404 });
    }
    const body = await writeMetrics(STORE_TIMEOUT_MS, signal);
    return new Response(body, { headers: { "content-type": CONTENT_TYPE } });
  };
  const onListen = () => log.info("Publishing metrics", { hostname, port });
  let server: Deno.HttpServer;
  try {
    server = Deno.serve({ hostname, port, signal, onListen, onError: answerError }, handler);
  } catch (error) {
    const reason = errorMessage(error);
    const fault = `Cannot serve metrics at ${hostname} port ${port}: ${reason}`;
    throw new ConfigError([fault], { cause: error });
  }
  return async () => {
    ending.abort();
    await server.finished;
  };
}

function answerError(error: unknown): Response {
  log.warn("Cannot answer a request for metrics", { error });
  return new Response("See the log for the reason\n", { status: 500 });
}
