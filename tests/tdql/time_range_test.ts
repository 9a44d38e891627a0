import { deepEqual, equal, notEqual, ok, throws } from "../assert.ts";
import { QueryError } from "../../lib/tdql/query_error.ts";
import { timeRange, type TimeSpec } from "../../lib/tdql/time_range.ts";
import { readVectors } from "../vectors.ts";
import { isRefusedForm } from "./refused_forms.ts";

type Field = "from" | "to" | "last" | "tzname";
type Vector = { [field in Field]: string | null } & {
  id: string;
  start?: number;
  end?: number;
  error?: string;
  message?: string;
  depends_on_today?: boolean;
};

const VECTORS: { now: number; cases: Vector[] } = JSON.parse(await readVectors("dtrange.json"));
const NOW = 1_600_000_000.25;
const DAY = 86_400;

function specOf(fields: { [field in Field]: string | null }): TimeSpec {
  const given = (["from", "to", "last", "tzname"] as const).flatMap((name) => {
    const text = fields[name];
    return text === null ? [] : [[name, text]];
  });
  return Object.fromEntries(given);
}

function assertRefused(spec: TimeSpec, message: RegExp, now = NOW) {
  throws(() => timeRange(spec, now), (error) => {
    ok(error instanceof QueryError);
    equal(error.kind, "InvalidParameterValue");
    ok(message.test(error.message), error.message);
    return true;
  }, JSON.stringify(spec));
}

/**
 * Returns a bound that does not depend on the time zone, or its default if it is absent; undefined
 * for other bounds, which the vector does not show.
 */
function independentBound(text: string | null, otherwise: number): number | undefined {
  if (!text) return otherwise;
  if (Number.isFinite(Number(text))) return Number(text);
  return /(?:Z|UTC|GMT|:\d\d ?[-+]\d\d:?\d\d)$/.test(text) ? Date.parse(text) / 1000 : undefined;
}

function checkVector(vector: Vector, now: number) {
  const { id, from, to, start, end, error, message } = vector;
  const spec = specOf(vector);
  if ([from, to, vector.last].some((text) => text !== null && isRefusedForm(text))) {
    return assertRefused(spec, /such as/, now);
  }
  if (error === undefined) {
    return deepEqual(timeRange(spec, now), { start, end }, id);
  }
  if (!message?.startsWith("Not naive")) return assertRefused(spec, /such as|excludes/, now);
  // The existing system fails on times that have an offset; ours applies it.
  const range = timeRange(spec, now);
  const expected = [independentBound(from, 0), independentBound(to, now)];
  ok(expected.some((bound) => bound !== undefined), id);
  equal(range.start, expected[0] ?? range.start, id);
  equal(range.end, expected[1] ?? range.end, id);
}

Deno.test("timeRange agrees with every vector that the contract does not refuse", () => {
  notEqual(VECTORS.cases.length, 0);
  for (const vector of VECTORS.cases) {
    if (!vector.depends_on_today) checkVector(vector, VECTORS.now);
  }
});

Deno.test("timeRange without fields is everything up to now", () => {
  deepEqual(timeRange({}, NOW), { start: 0, end: NOW });
  const empty = { from: "", to: "", last: "", tzname: "" };
  deepEqual(timeRange(empty, NOW), { start: 0, end: NOW });
});

Deno.test("timeRange reads every unit of last", () => {
  const table: [number, string][] = [
    [1, "s sec second seconds"],
    [60, "m min mins minute minutes"],
    [3600, "h hr hrs hour hours"],
    [DAY, "d day days"],
    [7 * DAY, "w week weeks"],
    [2_629_800, "M month months"],
    [31_557_600, "Y year years"],
  ];
  for (const [seconds, units] of table) {
    for (const unit of units.split(" ")) {
      const range = { start: NOW - 3 * seconds, end: NOW };
      deepEqual(timeRange({ last: `3 ${unit}` }, NOW), range);
      deepEqual(timeRange({ last: ` +3\t  ${unit} ` }, NOW), range);
      if (unit.length === 1) deepEqual(timeRange({ last: `3${unit}` }, NOW), range);
      else {assertRefused(
          { last: `3${unit}` },
          /^last cannot be read: .*; units are s, m, h, d, w, M and Y/,
        );}
    }
  }
  deepEqual(timeRange({ last: "-1 d" }, NOW), { start: NOW + DAY, end: NOW });
});

Deno.test("timeRange refuses other forms of last", () => {
  const table = ["5", "d", "d5", " ", "5 D", "5 S", "5 y", "1.5 h", "1e3 s", "1_0 s", "\u0663 d"];
  for (const last of [...table, "+ 5 d", "--5 d", "5 h 3 m", "5 days ago", "9".repeat(16) + " s"]) {
    assertRefused({ last }, /^last cannot be read.*10d or 3 hours/);
  }
});

Deno.test("timeRange refuses last together with from or to", () => {
  assertRefused({ last: "5 d", from: "1" }, /^last excludes from and to/);
  assertRefused({ last: "5 d", to: "1" }, /^last excludes from and to/);
  deepEqual(timeRange({ last: "5 s", from: "", to: "" }, NOW), { start: NOW - 5, end: NOW });
});

Deno.test("timeRange names the field that cannot be read, and a valid form, but not its value", () => {
  assertRefused({ from: "secret" }, /^from cannot(?!.*secret).*2020-05-21/);
  assertRefused({ from: "1", to: "secret" }, /^to cannot(?!.*secret).*2020-05-21/);
});

Deno.test("timeRange accepts bounds in the wrong order, which match nothing", () => {
  deepEqual(timeRange({ from: "200", to: "100" }, NOW), { start: 200, end: 100 });
});

Deno.test("timeRange checks tzname even if it is not used", () => {
  for (
    const tzname of ["Nope/Zone", "PST", "pst", "IST", "UTC+3", "+05:00", "-05", "SystemV/PST8"]
  ) {
    assertRefused({ tzname }, /^tzname is not an IANA time zone/);
    assertRefused({ tzname, last: "5 d" }, /^tzname is not an IANA time zone/);
  }
  for (const tzname of ["UTC", "utc", "EST", "asia/KOLKATA", "Etc/GMT+3", "GB"]) {
    deepEqual(timeRange({ tzname, from: "5" }, NOW), { start: 5, end: NOW });
  }
});
