import { errorMessage } from "../errors.ts";
import { printable } from "../printable.ts";
import { sleep } from "../sleep.ts";
import { isFields, type Value } from "../tahoe/value.ts";

/** Which sockets of queries may be connected to; the documents are others' writing. */
export type NotifyOptions = {
  /** Stands for hosts that mean the API's own: `0.0.0.0`, `127.0.0.1`, `localhost` and none. */
  readonly apiHost: string;
  /** All other hosts allowed, each as queries spell it, in any case. */
  readonly hosts: readonly string[];
  /** Both inclusive. */
  readonly ports: { readonly least: number; readonly most: number };
};

/** Whether the caller was told; if not, why, without the nonce. */
export type Notified = { readonly sent: true } | { readonly sent: false; readonly reason: string };

type Target = { readonly hostname: string; readonly port: number; readonly nonce: string };

/** Milliseconds for all of it. The API waits five seconds, and no worker should wait for a caller. */
const TIMEOUT = 2000;

const API_HOSTS: ReadonlySet<string> = new Set(["0.0.0.0", "127.0.0.1", "localhost", ""]);

/**
 * Tells the caller that a query has ended, as the TAHOE/CYBEX-P contract has it: connects to the
 * query's socket, sends the nonce, and closes. `socket` is `data.socket[0]` of the query. Hosts are
 * compared as text, and resolved only if they are allowed. Takes two seconds at most; never throws.
 */
export async function notify(socket: Value | undefined, options: NotifyOptions): Promise<Notified> {
  const target = targetOf(socket, options);
  return typeof target === "string" ? { sent: false, reason: target } : await send(target);
}

/** Where to send what, or why not. */
function targetOf(socket: Value | undefined, options: NotifyOptions): Target | string {
  const { least, most } = options.ports;
  const host = only(socket, "host");
  const port = wholeNumber(only(socket, "port"));
  const nonce = only(socket, "nonce");
  if (typeof host !== "string") return "the query's host is no text";
  if (typeof nonce !== "string") return "the query's nonce is no text";
  if (port === undefined) return "the query's port is no whole number";
  if (port < least || port > most) return `port ${port} is not allowed: ${least} to ${most} are`;
  const hostname = allowedHost(host, options);
  if (hostname === undefined) return `host ${printable(host.slice(0, 80))} is not allowed`;
  return { hostname, port, nonce };
}

function allowedHost(host: string, { apiHost, hosts }: NotifyOptions): string | undefined {
  const name = host.toLowerCase();
  return API_HOSTS.has(name) ? apiHost : hosts.find((allowed) => allowed.toLowerCase() === name);
}

/** The one item of a list in the socket. */
function only(socket: Value | undefined, name: string): Value | undefined {
  const items = isFields(socket) ? socket[name] : undefined;
  return Array.isArray(items) && items.length === 1 ? items[0] : undefined;
}

/** MongoDB may hold whole numbers as floating-point ones. */
function wholeNumber(value: Value | undefined): number | undefined {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

async function send({ hostname, port, nonce }: Target): Promise<Notified> {
  const ended = new AbortController();
  const connecting = connect(hostname, port, ended.signal);
  const sending = connecting.then(async (conn) => {
    ended.signal.throwIfAborted();
    await writeAll(conn, nonce);
  });
  const late = sleep(TIMEOUT, ended.signal).then(() => {
    throw new Error(`it took longer than ${TIMEOUT} ms`);
  });
  try {
    await Promise.race([sending, late]);
    return { sent: true };
  } catch (error) {
    const why = errorMessage(error);
    return { sent: false, reason: `cannot notify ${hostname}:${port}: ${why}` };
  } finally {
    ended.abort();
    // However late it comes, and whether or not somebody reads.
    connecting.then((conn) => conn.close(), () => {});
  }
}

/**
 * Deno 2.4 tries only the first address of a name, which of this one may be ::1, and the API listens
 * on IPv4.
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
