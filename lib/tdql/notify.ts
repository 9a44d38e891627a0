import { errorMessage } from "../errors.ts";
import { printable } from "../printable.ts";
import { sleep } from "../sleep.ts";
import { isFields, type Value } from "../tahoe/value.ts";

/** Which sockets of queries may be connected to. Queries are not trusted: others write them. */
export type NotifyOptions = {
  /** Host of the API, which `0.0.0.0`, `127.0.0.1`, `localhost` and an empty host stand for. */
  readonly apiHost: string;
  /** All other hosts that are allowed, as queries spell them; case does not matter. */
  readonly hosts: readonly string[];
  /** Both inclusive. */
  readonly ports: { readonly least: number; readonly most: number };
};

/** Success, or the reason of a failure, which never contains the nonce. */
export type NotifyResult = { readonly sent: true } | {
  readonly sent: false;
  readonly reason: string;
};

type SocketTarget = { readonly hostname: string; readonly port: number; readonly nonce: string };

/** Milliseconds for a whole notification. The API waits five seconds; workers must not wait long. */
const TIMEOUT = 2000;

const API_HOSTS: ReadonlySet<string> = new Set(["0.0.0.0", "127.0.0.1", "localhost", ""]);

/**
 * Notifies the caller that a query has ended, as the TAHOE/CYBEX-P contract defines it: connects to
 * the query's socket, sends the nonce, and closes. `socket` is `data.socket[0]` of the query. Hosts
 * are compared as strings, and resolved only if they are allowed. It takes two seconds at most, and
 * never throws.
 */
export async function notify(
  socket: Value | undefined,
  options: NotifyOptions,
): Promise<NotifyResult> {
  const target = findTarget(socket, options);
  return typeof target === "string" ? { sent: false, reason: target } : await send(target);
}

/** Returns where to send the nonce, or why that is not allowed. */
function findTarget(socket: Value | undefined, options: NotifyOptions): SocketTarget | string {
  const { least, most } = options.ports;
  const host = onlyItem(socket, "host");
  const port = toInteger(onlyItem(socket, "port"));
  const nonce = onlyItem(socket, "nonce");
  if (typeof host !== "string") return "the query's host is not a string";
  if (typeof nonce !== "string") return "the query's nonce is not a string";
  if (port === undefined) return "the query's port is not a whole number";
  if (port < least || port > most) return `port ${port} is not allowed: ${least} to ${most} are`;
  const hostname = allowedHost(host, options);
  if (hostname === undefined) return `host ${printable(host.slice(0, 80))} is not allowed`;
  return { hostname, port, nonce };
}

function allowedHost(host: string, { apiHost, hosts }: NotifyOptions): string | undefined {
  const name = host.toLowerCase();
  return API_HOSTS.has(name) ? apiHost : hosts.find((allowed) => allowed.toLowerCase() === name);
}

/** Returns the only item of a list in the socket; undefined if there is none, or more than one. */
function onlyItem(socket: Value | undefined, name: string): Value | undefined {
  const items = isFields(socket) ? socket[name] : undefined;
  return Array.isArray(items) && items.length === 1 ? items[0] : undefined;
}

/** Converts a whole number, which MongoDB may hold as a floating-point one; undefined for others. */
function toInteger(value: Value | undefined): number | undefined {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

async function send({ hostname, port, nonce }: SocketTarget): Promise<NotifyResult> {
  const ended = new AbortController();
  const connecting = connect(hostname, port, ended.signal);
  const sending = connecting.then(async (conn) => {
    ended.signal.throwIfAborted();
    await writeAll(conn, nonce);
  });
  const timeout = sleep(TIMEOUT, ended.signal).then(() => {
    throw new Error(`it took longer than ${TIMEOUT} ms`);
  });
  try {
    await Promise.race([sending, timeout]);
    return { sent: true };
  } catch (error) {
    const reason = `cannot notify ${hostname}:${port}: ${errorMessage(error)}`;
    return { sent: false, reason };
  } finally {
    ended.abort();
    // A connection may still come after the timeout, or have a peer that does not read.
    connecting.then((conn) => conn.close(), () => {});
  }
}

/**
 * Addresses of localhost, in the order in which to try them. Deno 2.4 tries only the first address
 * of a name, which may be ::1, but the API listens on IPv4.
 */
const LOCALHOST = ["127.0.0.1", "::1"];

async function connect(hostname: string, port: number, signal: AbortSignal): Promise<Deno.Conn> {
  let failure: unknown;
  for (const address of hostname === "localhost" ? LOCALHOST : [hostname]) {
    signal.throwIfAborted();
    try {
      return await Deno.connect({ hostname: address, port });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function writeAll(conn: Deno.Conn, text: string): Promise<void> {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await conn.write(bytes));
}
