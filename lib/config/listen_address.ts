import * as v from "valibot";

/** Where a server listens. */
export type ListenAddress = { readonly hostname: string; readonly port: number };

const SHAPE = /^(?<hostname>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):(?<port>\d{1,5})$/;

/** 127.0.0.0/8, and ::1. */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1)$/;

const MESSAGE = "must be an IP address and a port such as 127.0.0.1:8480 or [::1]:8480";

export const listenSchema = v.pipe(
  v.string(MESSAGE),
  v.check((string) => {
    const { hostname, port } = SHAPE.exec(string)?.groups ?? {};
    return hostname !== undefined && Number(port) >= 1 && Number(port) <= 65535 &&
      URL.canParse(`http://${hostname}/`);
  }, MESSAGE),
);

/** Parses a string that matches {@link listenSchema}. */
export function parseListenAddress(string: string): ListenAddress {
  const { hostname = "", port } = SHAPE.exec(string)?.groups ?? {};
  return { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

/** Whether only programs on the same machine can reach an address. */
export function isLoopback({ hostname }: ListenAddress): boolean {
  return LOOPBACK.test(hostname);
}
