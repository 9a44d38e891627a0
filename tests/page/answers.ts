import type { QueryResult } from "../../lib/answers/answer_content.ts";
import type { Details } from "../../lib/tahoe/instance.ts";
import { report } from "../../lib/tahoe/report.ts";
import type { Fields, Scalar, Value } from "../../lib/tahoe/value.ts";
import { ASKED, listing, ranksAnswer } from "../answers/export/answers.ts";

const REPORTED = { userid: "f".repeat(64), timestamp: 1_790_000_000.5 };
const HOUR = 3600;

/** The first hour of a histogram: 2026-03-14 00:00 in Berlin. */
export const START = Date.UTC(2026, 2, 13, 23) / 1000;

/** Organisation of all events. */
export const ORGANISATIONS = new Map([["0".repeat(64), "lab.example.org"]]);

const NAME: Fields = { sub_type: "ipv4", data: "203.0.113.7" };

/** What the command line adds to a report. */
export function details(further: Partial<Details> = {}): Details {
  return {
    question: { ...NAME, match: "equivalent" },
    asked: NAME,
    found: [{ ...NAME, events: 25n }],
    events: 25n,
    range: { from: null, to: 1_790_000_000.25, tzname: "Europe/Berlin" },
    ...further,
  };
}

/** A count of events in each hour of some days. */
export function histogramAnswer(hours = 96): QueryResult {
  const histogram = Array.from({ length: hours }, (_, hour): Fields => ({
    start: START + hour * HOUR,
    label: `hour ${hour}`,
    events: BigInt(hour % 7),
  }));
  const found = details({
    question: { ...NAME, by: "hour" },
    first_seen: START + HOUR,
    last_seen: START + hours * HOUR,
    histogram,
  });
  return {
    qtype: "count",
    asked: ASKED,
    filter: {},
    report: report("count", 25n, { ...REPORTED, details: found }),
  };
}

/** A summary with paths: host names under one event, and files under another. */
export function summaryAnswer(
  domains: readonly Scalar[],
  files: readonly Scalar[] = [],
): QueryResult {
  const ways: readonly [string, readonly Scalar[], readonly string[]][] = [
    ["domain", domains, ["dns=event"]],
    ["filename", files, ["file=object", "file_download=event", "attacker=object"]],
  ];
  const groups = ways.filter(([, values]) => values.length > 0).map(([subType, values, way]) => [
    subType,
    values.map((value) => [value, [`${subType}=attribute`, ...way, "ipv4=attribute"]]),
  ]);
  const data = {
    ipv4: [["203.0.113.7", ["ipv4=attribute"]]],
    ...Object.fromEntries(groups),
  } as Value;
  const attributes = ways.flatMap(([sub_type, values]) =>
    values.map((value, index): Fields => ({
      sub_type,
      data: value,
      events: BigInt(1 + index % 10),
    }))
  );
  const found = details({ pages: 3n, attributes });
  return {
    qtype: "related",
    asked: ASKED,
    report: report("related", data, { ...REPORTED, nextPage: 2n, details: found }),
    organisations: ORGANISATIONS,
  };
}

/** Instances of a login with a password and a file, in a session. */
export function listingAnswer(text: string): QueryResult {
  const { password, sha256, filename, file, login, visit } = listing(text);
  const data = [ASKED, login, password, file, filename, sha256, visit] as unknown as Value;
  const names = [ASKED, password, filename, sha256];
  const attributes = names.map((each) => ({
    sub_type: each.sub_type,
    data: each.data,
    events: 1n,
  }));
  const one = { events: 1n, found: [{ ...NAME, events: 1n }], pages: 1n, attributes };
  return {
    qtype: "related",
    asked: ASKED,
    report: report("related", data, { ...REPORTED, details: details(one) }),
    organisations: ORGANISATIONS,
  };
}

/** The object and the session of the same login, as `--return-type` lists one of them. */
export function groupsAnswer(): QueryResult {
  const { file, visit } = listing("secret");
  const data = [file, visit] as unknown as Value;
  return {
    qtype: "related",
    asked: ASKED,
    report: report("related", data, { ...REPORTED, details: details({ pages: 3n }) }),
  };
}

/** A page beyond the last one. */
export function missingPageAnswer(): QueryResult {
  const options = { ...REPORTED, currentPage: 9n, nextPage: 9n };
  return {
    qtype: "related",
    asked: ASKED,
    report: report("related", {}, { ...options, details: details({ pages: 3n, attributes: [] }) }),
  };
}

/** The ThreatRanks of two events of 25, one of which is malicious. */
export function rankAnswer(text: string): QueryResult {
  const ranks = ranksAnswer(text) as QueryResult & { readonly qtype: "threatrank" };
  return { ...ranks, details: details(), organisations: ORGANISATIONS };
}
