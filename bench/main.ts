/** Measures our performance goals: `deno task bench NAME` prints goals and figures side by side. */
import { parseArgs } from "node:util";
import { table } from "../lib/cli/table.ts";
import { archiveBench } from "./archive.ts";
import { doorBench } from "./door.ts";
import { eventsBench } from "./events.ts";
import type { Figure } from "./figure.ts";
import { lookupBench } from "./lookup.ts";
import { reportBench } from "./report.ts";
import { scaleBench } from "./scale.ts";
import { startBench } from "./start.ts";

const BENCHES: { readonly [name: string]: (options: Options) => Promise<Figure[]> } = {
  archive: archiveBench,
  door: doorBench,
  events: eventsBench,
  lookup: lookupBench,
  report: reportBench,
  scale: scaleBench,
  start: startBench,
};

export type Options = {
  /** URL of a MongoDB server to measure on in addition to SQLite. */
  readonly mongo: string | undefined;
  /** Lines of the log that `scale` makes. */
  readonly lines: number;
};

const HELP = `Usage: deno task bench NAME [--mongo URL] [--lines N] [--json]

Benches: ${Object.keys(BENCHES).join(", ")}
MongoDB is measured if --mongo or CYBEXP_TEST_MONGO names a server.
--lines is for scale: the lines of the log, 1,000,000 unless given.

Examples:
  deno task bench scale --lines 100000
  deno task bench archive --mongo "mongodb://127.0.0.1:27017/?replicaSet=rs0"`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mongo: { type: "string" },
    lines: { type: "string", default: "1000000" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
const bench = BENCHES[positionals[0] ?? ""];
if (values.help) console.log(HELP);
else if (bench === undefined || positionals.length !== 1 || !/^[1-9]\d*$/.test(values.lines)) {
  console.error(HELP);
  Deno.exit(2);
} else {
  const mongo = values.mongo ?? (Deno.env.get("CYBEXP_TEST_MONGO") || undefined);
  const figures = await bench({ mongo, lines: Number(values.lines) });
  if (values.json) console.log(JSON.stringify(figures, null, 2));
  else console.log(table(["figure", "goal", "measured"], figures.map(row)));
  if (mongo === undefined) console.error("MongoDB left out: name a server with --mongo URL");
}

function row({ name, goal, measured, unit }: Figure) {
  return [name, goal, `${format(measured)}${unit === undefined ? "" : ` ${unit}`}`];
}

function format(number: number): string {
  return number < 10 ? number.toFixed(2) : Math.round(number).toLocaleString("en");
}
