import { ConfigError, errorMessage } from "../errors.ts";
import { log } from "../log.ts";
import { CONTENT_TYPE } from "../metrics/exposition.ts";

/** Milliseconds that a database has to answer; Prometheus waits ten seconds for all. */
const PATIENCE = 2000;

/**
 * Answers `GET /metrics` over HTTP, and anything else with 404. Returns what ends it.
 *
 * @throws {ConfigError} if the port cannot be had.
 */
export function serveMetrics(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  text: (ms: number, signal: AbortSignal) => Promise<string>,
): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const handler = async ({ method, url }: Request) => {
    if (method !== "GET" || new URL(url).pathname !== "/metrics") {
      return new Response("Metrics are at /metrics\n", { status: 404 });
    }
    const body = await text(PATIENCE, signal);
    return new Response(body, { headers: { "content-type": CONTENT_TYPE } });
  };
  const onListen = () => log.info("Metrics served", { hostname, port });
  let server: Deno.HttpServer;
  try {
    server = Deno.serve({ hostname, port, signal, onListen, onError: failed }, handler);
  } catch (error) {
    const why = errorMessage(error);
    const fault = `Cannot serve metrics at ${hostname} port ${port}: ${why}`;
    throw new ConfigError([fault], { cause: error });
  }
  return async () => {
    ending.abort();
    await server.finished;
  };
}

function failed(error: unknown): Response {
  log.warn("Could not answer for metrics", { error });
  return new Response("The log says why\n", { status: 500 });
}
