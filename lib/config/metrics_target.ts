import * as v from "valibot";

/** Where metrics are published: on a port of a loopback address, or in a file. */
export type MetricsTarget =
  | { readonly hostname: string; readonly port: number }
  | { readonly path: string };

const SHAPE = /^(?:(?<hostname>[^\s/[\]:]+|\[[^\s/[\]]+\]):(?<port>\d{1,5})|(?<path>\/.*\.prom))$/;

/** 127.0.0.0/8 in its plain form, and ::1. Host names are left out: their addresses may change. */
const LOOPBACK = /^(?:127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|\[::1\])$/;

/** An empty string for no metrics, or what {@link parseMetricsTarget} reads. */
export const metricsSchema = v.pipe(
  v.string("must be a string"),
  v.check(
    (string) => string === "" || isTarget(string),
    "must be empty, an address and port such as 127.0.0.1:9464, or an absolute path ending in .prom",
  ),
  v.check(
    (string) => {
      const hostname = SHAPE.exec(string)?.groups?.["hostname"];
      return hostname === undefined || LOOPBACK.test(hostname);
    },
    "must be at a loopback address such as 127.0.0.1 or [::1]: anyone who can reach it can read the metrics",
  ),
);

/** Parses a string that matches {@link metricsSchema}; returns null if it is empty. */
export function parseMetricsTarget(string: string): MetricsTarget | null {
  const { hostname, port, path } = SHAPE.exec(string)?.groups ?? {};
  if (path !== undefined) return { path };
  if (hostname === undefined) return null;
  return { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

function isTarget(string: string): boolean {
  const { path, port } = SHAPE.exec(string)?.groups ?? {};
  return path !== undefined || (Number(port) >= 1 && Number(port) <= 65535);
}
