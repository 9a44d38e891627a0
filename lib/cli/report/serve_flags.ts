import type { Command } from "commander";
import * as v from "valibot";
import { type Config, DEFAULT_SECRET } from "../../config.ts";
import {
  isLoopback,
  type ListenAddress,
  listenSchema,
  parseListenAddress,
} from "../../config/listen_address.ts";
import { ConfigError } from "../../errors.ts";
import { fileFault } from "../../file_fault.ts";
import { wrongUsage } from "./wrong_usage.ts";

export type ServeFlags = {
  readonly listen?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly behindProxy?: true;
  readonly answerHere?: true;
  readonly user?: string;
};

/** Reads where to listen: the flag, or else the setting. Ends with exit code 2 if it cannot be read. */
export function readListen(
  { listen }: Pick<ServeFlags, "listen">,
  { door }: Pick<Config, "door">,
  command: Command,
): ListenAddress {
  if (listen === undefined) return door.listen;
  const result = v.safeParse(listenSchema, listen);
  if (!result.success) wrongUsage(command, `--listen ${result.issues[0].message}`);
  return parseListenAddress(listen);
}

/** Ends with exit code 2 if a session is wanted where a browser would be on another machine. */
export function checkUser(
  listen: ListenAddress,
  { user, behindProxy }: ServeFlags,
  command: Command,
): void {
  if (user === undefined || (isLoopback(listen) && !behindProxy)) return;
  wrongUsage(
    command,
    "--user is for a browser on this machine, at 127.0.0.1 without --behind-proxy. " +
      "Others send a token: report users token EMAIL",
  );
}

/**
 * Checks that what other machines can reach is protected.
 *
 * @throws {ConfigError} CONFIG when it is not.
 */
export function checkExposure(
  listen: ListenAddress,
  { tlsCert, behindProxy }: ServeFlags,
  { identity }: { readonly identity: Pick<Config["identity"], "secret"> },
): void {
  const faults: string[] = [];
  if (!isLoopback(listen) && tlsCert === undefined && !behindProxy) {
    faults.push(
      `Cannot listen at ${writeAddress(listen)} without TLS: tokens and uploads could be read on ` +
        "the way. Give --tls-cert and --tls-key, or --behind-proxy if a reverse proxy has TLS",
    );
  }
  if ((!isLoopback(listen) || behindProxy) && identity.secret === DEFAULT_SECRET) {
    faults.push(
      "Cannot serve other machines with the secret that everybody knows: anyone could make " +
        'tokens. Set identity.secret to a long random text, such as what "openssl rand -hex 32" ' +
        "prints. Tokens that were made with the old one are then no longer valid",
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
}

/** Writes an address and a port as in a URL. */
export function writeAddress({ hostname, port }: ListenAddress): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/**
 * Reads certificate and key for TLS; undefined if there are none.
 *
 * @throws {ConfigError} CONFIG when a file cannot be read.
 */
export async function readTls(
  { tlsCert, tlsKey }: ServeFlags,
  command: Command,
): Promise<{ readonly cert: string; readonly key: string } | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    wrongUsage(command, "--tls-cert and --tls-key belong together: give both");
  }
  return { cert: await readPem(tlsCert), key: await readPem(tlsKey) };
}

async function readPem(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new ConfigError([`Cannot read ${path}: ${fileFault(error)}`], { cause: error });
  }
}
