import type { QueryResult } from "../../../lib/answers/answer_content.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event, setCategory } from "../../../lib/tahoe/event.ts";
import type { Attribute, Evidence } from "../../../lib/tahoe/instance.ts";
import { object } from "../../../lib/tahoe/object.ts";
import { report } from "../../../lib/tahoe/report.ts";
import { addEvents, session } from "../../../lib/tahoe/session.ts";
import type { Fields, Scalar, Value } from "../../../lib/tahoe/value.ts";

/**
 * Strings that break out of careless CSV, DOT, XML or JSON, or control the program that shows them.
 */
export const HOSTILE_TEXTS: readonly string[] = [
  "\"double\" and 'single', a comma",
  "two\r\nlines,\nthree\rfour\tand a tab",
  '</script><!-- ]]> & &amp; &#0; <node id="x"/>',
  "\u0000\u0001\u001b[31m\u007f\u009b\ufffe\uffff",
  "\u202egpj.exe\u200f",
  "half of a pair: \ud800",
  "a backslash at the end: \\",
  '\\" -- "x"; } graph { \\N \\G',
  "=cmd|' /C calc'!A0",
  "+1",
  "-1",
  "@SUM(A1:A9)",
  "\t=1",
  "\r=1",
  "",
  " ",
  "x".repeat(1_000_000),
];

/** Values that are not strings. */
export const OTHER_SCALARS: readonly Scalar[] = [null, true, 5n, 2n ** 70n, 1.5, -0.5, NaN];

/** The attribute that all answers are about. */
export const ASKED = attribute("ipv4", "203.0.113.7");

const SHA256 = "ab".repeat(32);
const TIME = 1_700_000_000.25;
const REPORTED = { userid: "f".repeat(64), timestamp: 1_790_000_000.5 };

export function countAnswer(count: bigint, filter: Fields = {}): QueryResult {
  return { qtype: "count", asked: ASKED, filter, report: report("count", count, REPORTED) };
}

export function relatedAnswer(data: Value): QueryResult {
  return { qtype: "related", asked: ASKED, report: report("related", data, REPORTED) };
}

/** Builds a summary of the asked attribute and of others, with and without a type in STIX. */
export function summaryAnswer(data: readonly Scalar[]): QueryResult {
  return relatedAnswer({ ipv4: ["203.0.113.7"], filename: data, password: data });
}

/** Builds the same summary with paths. */
export function summaryGraphAnswer(data: readonly Scalar[]): QueryResult {
  const path = (subType: string) => [`${subType}=attribute`, "dst=object", "dns=event"];
  const entries = (subType: string) =>
    data.map((one) => [one, [...path(subType), "ipv4=attribute"]]);
  return relatedAnswer({
    ipv4: [["203.0.113.7", ["ipv4=attribute"]]],
    filename: entries("filename"),
    password: entries("password"),
  });
}

/** Builds a login with a file in a session: every itype that `related --no-summary` can list. */
export function listing(text: string) {
  const password = attribute("password", text);
  const sha256 = attribute("sha256", SHA256);
  const filename = attribute("filename", text === "" ? "x" : text);
  const file = object("file", [filename, sha256]);
  const login = setCategory(
    event("login", [ASKED, password, file], {
      orgid: "0".repeat(64),
      timestamp: TIME,
      malicious: [ASKED, file],
      benign: [password],
    }),
    "malicious",
  );
  const sessionid = attribute("sessionid", "s1");
  const visit = addEvents(session("cowrie_session", [sessionid]), [login]);
  return { password, sha256, filename, file, login, sessionid, visit };
}

export function listingAnswer(text: string): QueryResult {
  const { password, sha256, filename, file, login, visit } = listing(text);
  const instances = [ASKED, login, password, file, filename, sha256, visit];
  return relatedAnswer(instances as unknown as Value);
}

/** Builds two ranked events: a malicious one, and one to which a path leads over a given URL. */
export function ranksAnswer(text: string): QueryResult {
  const { login: malicious } = listing("another");
  const shared = attribute("url", text);
  const visited = event("sighting", [ASKED, shared], { orgid: "0".repeat(64), timestamp: TIME });
  const evidence: Evidence = {
    _hash: visited._hash,
    flags: ["truncated", "evidence_cut"],
    bounds: { least: -0.5, most: -0.25 },
    paths: [path(0.25, shared), path(0.125, ASKED)],
  };
  function path(weight: number, over: Attribute): Fields {
    const nodes = [
      { _hash: malicious._hash, label: "login=event" },
      { _hash: over._hash, label: `${over.sub_type}=attribute`, data: over.data },
      { _hash: visited._hash, label: "sighting=event" },
    ];
    return { weight, share: weight / 0.375, nodes };
  }
  return {
    qtype: "threatrank",
    ranks: [
      {
        hash: visited._hash,
        event: visited,
        report: report("threatrank", -0.375, { ...REPORTED, evidence }),
      },
      { hash: malicious._hash, event: malicious, report: report("threatrank", -1, REPORTED) },
    ],
  };
}

/** Builds the rank of an event that was asked for by its hash. */
export function hashAnswer(): QueryResult {
  return {
    qtype: "threatrank",
    ranks: [{ hash: "e".repeat(64), report: report("threatrank", 0, REPORTED) }],
  };
}
