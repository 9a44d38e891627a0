import { Refusal } from "./refusal.ts";

/** Methods that change nothing. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * Checks that a request that may change something, and is the user's by a cookie, comes from a page of
 * ours: a browser says so in the header Origin.
 *
 * @throws {Refusal} 403 when it comes from elsewhere, or does not say.
 */
export function checkOrigin({ method, headers }: Pick<Request, "method" | "headers">): void {
  if (SAFE_METHODS.has(method)) return;
  const origin = headers.get("origin");
  const host = headers.get("host");
  if (origin !== null && URL.canParse(origin) && new URL(origin).host === host) return;
  throw new Refusal(
    403,
    "Cannot take this from another site: a session counts only for requests of its own page. " +
      "Programs send a token (report users token EMAIL)",
  );
}

/** Names by which a browser on this machine reaches a loopback address. */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Checks that a request to a loopback address names one. A site of the world can make its own name
 * mean 127.0.0.1, and its scripts could then ask as if they were ours.
 *
 * @throws {Refusal} 403 when it names another host.
 */
export function checkLoopbackName(url: string): void {
  const { hostname } = new URL(url);
  if (LOOPBACK_NAMES.has(hostname) || /^127(?:\.\d{1,3}){3}$/.test(hostname)) return;
  throw new Refusal(
    403,
    "Cannot answer under this host name: only 127.0.0.1 and localhost are served here. " +
      "Behind a reverse proxy, start report serve with --behind-proxy",
  );
}
