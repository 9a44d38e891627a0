import * as v from "valibot";

/** Where metrics are published: on a port of a loopback address, or in a file. */
export type MetricsPlace =
  | { readonly hostname: string; readonly port: number }
  | { readonly path: string };

const SHAPE = /^(?:(?<hostname>[^\s/[\]:]+|\[[^\s/[\]]+\]):(?<port>\d{1,5})|(?<path>\/.*\.prom))$/;

/** 127.0.0.0/8 in its one plain form, and ::1. Names are left out: what they mean may change. */
const LOOPBACK = /^(?:127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|\[::1\])$/;

/** Nothing for no metrics, or what {@link metricsPlace} reads. */
export const metricsText = v.pipe(
  v.string("must be a text"),
  v.check(
    (text) => text === "" || isPlace(text),
    "must be empty, an address and port such as 127.0.0.1:9464, or an absolute path ending in .prom",
  ),
  v.check(
    (text) => hostnameOf(text) === undefined || LOOPBACK.test(hostnameOf(text)!),
    "must be at a loopback address such as 127.0.0.1 or [::1]: whoever reaches it may read it",
  ),
);

/** The place of a text that fits {@link metricsText}; null if it is empty. */
export function metricsPlace(text: string): MetricsPlace | null {
  const { hostname, port, path } = SHAPE.exec(text)?.groups ?? {};
  if (path !== undefined) return { path };
  if (hostname === undefined) return null;
  return { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

function isPlace(text: string): boolean {
  const { path, port } = SHAPE.exec(text)?.groups ?? {};
  return path !== undefined || (Number(port) >= 1 && Number(port) <= 65535);
}

function hostnameOf(text: string): string | undefined {
  return SHAPE.exec(text)?.groups?.["hostname"];
}
