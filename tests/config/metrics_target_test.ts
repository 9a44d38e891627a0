import { deepEqual, equal, match } from "../assert.ts";
import * as v from "valibot";
import {
  metricsSchema,
  type MetricsTarget,
  parseMetricsTarget,
} from "../../lib/config/metrics_target.ts";

const TARGETS: [string: string, target: MetricsTarget | null][] = [
  ["", null],
  ["127.0.0.1:9464", { hostname: "127.0.0.1", port: 9464 }],
  ["127.255.0.9:1", { hostname: "127.255.0.9", port: 1 }],
  ["[::1]:65535", { hostname: "::1", port: 65535 }],
  ["/run/a b/archive.prom", { path: "/run/a b/archive.prom" }],
];

for (const [string, target] of TARGETS) {
  Deno.test(`parseMetricsTarget parses ${JSON.stringify(string)}`, () => {
    deepEqual(parseMetricsTarget(v.parse(metricsSchema, string)), target);
  });
}

const FAULTS: [message: RegExp, values: unknown[]][] = [
  [/^must be a string$/, [9464, true, null]],
  [/^must be empty, an address and port such as /, [
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    ":9464",
    "9464",
    "::1:9464",
    "/run/archive.txt",
    "archive.prom",
    "./archive.prom",
    "http://127.0.0.1:9464/",
    " ",
    "127.0.0.1:9464/metrics",
    "127.0.0.1:9464 ",
    "[::1]",
    "[]:1",
    "/a\n.prom",
  ]],
  [/^must be at a loopback address such as 127\.0\.0\.1 or \[::1\]: anyone who can reach it can/, [
    "0.0.0.0:9464",
    "[::]:9464",
    "192.0.2.1:9464",
    "[2001:db8::1]:9464",
    "localhost:9464",
    "127.1:9464",
    "0x7f.1:9464",
    "127.0.0.256:9464",
    "127.0.0.01:9464",
    "[::ffff:127.0.0.1]:1",
    "127.0.0.1.example.com:9464",
    "example.com:9464",
  ]],
];

for (const [message, values] of FAULTS) {
  for (const value of values) {
    Deno.test(`metricsSchema rejects ${JSON.stringify(value)}: ${message.source.slice(1, 30)}`, () => {
      const { issues } = v.safeParse(metricsSchema, value, { abortEarly: true });
      equal(issues?.length, 1);
      match(issues![0].message, message);
    });
  }
}
