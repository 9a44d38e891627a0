import { deepEqual, equal, match, ok } from "../assert.ts";
import fc from "fast-check";
import { BSON, type Document } from "mongodb";
import type { QueryResult } from "../../lib/answers/answer_content.ts";
import { centralAttribute } from "../../lib/answers/answer_details.ts";
import {
  ALL_FORMATS,
  exportAnswer,
  PLAIN_FORMATS,
} from "../../lib/answers/export/export_answer.ts";
import { jsonAnswer } from "../../lib/answers/json_answer.ts";
import { formatCount, formatRank, formatRelated } from "../../lib/cli/report/format.ts";
import { nextCursor } from "../../lib/door/v1/cursor.ts";
import { DamagedInstance } from "../../lib/errors.ts";
import { toBson } from "../../lib/mongo/bson.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Details, Hash, Report } from "../../lib/tahoe/instance.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import { report } from "../../lib/tahoe/report.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import { findReport } from "../../lib/tdql/ask.ts";
import type { RelatedQuery } from "../../lib/tdql/query.ts";
import { damagedDocument } from "../e2e/arbitrary_bson.ts";
import { NOW, type Opened, question } from "./inbox/fixtures.ts";

/** Reports of each kind that are damaged. */
const COUNT = 40;

const EVENT = event("sighting", attribute("ipv4", "192.0.2.1"), { orgid: "o", timestamp: NOW });

const NAMED = { sub_type: "ipv4", data: "192.0.2.1" };

const COUNTED = { ...NAMED, events: 3n };

const DETAILS: Details = {
  question: NAMED,
  asked: NAMED,
  found: [COUNTED],
  events: 3n,
  range: { from: null, to: NOW, tzname: "UTC" },
  outside: { events: 1n, first_seen: 1, last_seen: 2 },
  within: [COUNTED],
  addresses: [COUNTED],
  advice: "x",
  first_seen: 1.5,
  last_seen: 2.5,
  histogram: [{ start: 1.5, label: "1970", events: 3n }],
  pages: 2n,
  attributes: [COUNTED],
};

const EVIDENCE = {
  _hash: EVENT._hash,
  flags: ["bounded"],
  bounds: { least: -1, most: 0 },
  now: NOW,
  paths: [{ weight: -0.5, share: 1, nodes: [{ _hash: "a", label: "ipv4=attribute", data: "x" }] }],
};

/** The kinds of reports, each with the paths of fields that only it has. */
const KINDS: readonly (readonly [qtype: string, data: Value, fields: Fields, paths: string])[] = [
  ["count", 3n, { details: DETAILS as unknown as Fields }, "details.histogram.0.events"],
  ["count", "ServerError: …", {}, "data"],
  ["related", { ipv4: ["a", 1n, null] }, {}, "data.ipv4 data.ipv4.0"],
  [
    "related",
    { ipv4: [["a", ["ipv4=attribute"]]] },
    { details: DETAILS as unknown as Fields },
    "data.ipv4.0 data.ipv4.0.0 data.ipv4.0.1 data.ipv4.0.1.0",
  ],
  [
    "related",
    [EVENT as unknown as Fields],
    {},
    "data.0 data.0.itype data.0.timestamp data.0.data data.0._hash data.0._cref data.0.orgid",
  ],
  [
    "threatrank",
    -0.5,
    { evidence: EVIDENCE },
    "evidence.0 evidence.0._hash evidence.0.flags evidence.0.bounds evidence.0.bounds.least " +
    "evidence.0.now evidence.0.paths evidence.0.paths.0.share evidence.0.paths.0.nodes " +
    "evidence.0.paths.0.nodes.0.label evidence.0.paths.0.nodes.0.data",
  ],
];

const PATHS = "itype sub_type data _hash userid timestamp current_page next_page orgids evidence " +
  "details details.question details.question.data details.asked details.found details.found.0 " +
  "details.events details.range details.range.to details.range.tzname details.outside " +
  "details.outside.events details.within details.addresses.0.data details.advice " +
  "details.first_seen details.last_seen details.histogram details.pages details.attributes";

/** What stands in the place of a report. */
type Damaged = { readonly sound: Report; readonly document: Document };

function damagedReports(): readonly Damaged[] {
  return KINDS.flatMap(([qtype, data, fields, paths], kind) =>
    Array.from({ length: COUNT }, (_, i) => {
      const options = { userid: `${kind} ${i}`, timestamp: NOW, orgids: ["o"], ...fields };
      const sound = report(qtype, data, options);
      const plain = BSON.deserialize(BSON.serialize(toBson(sound as unknown as Fields)), {
        promoteValues: false,
      });
      const all = `${PATHS} ${paths}`.split(" ");
      const [document] = fc.sample(damagedDocument(plain, all), 1);
      return { sound, document: document! };
    })
  );
}

/**
 * Asserts that a report of any shape is read, or said to be damaged, and that the same answer given
 * again takes its place. `plant` writes a document in the place of an instance.
 */
export async function testHostileReports(
  opened: Pick<Opened, "inbox" | "instances">,
  plant: (sound: Report, document: Document) => Promise<void>,
): Promise<void> {
  const { instances } = opened;
  const planted = damagedReports();
  const answered = planted.map(({ sound }) => sound);
  await answerAll(opened, answered);
  for (const { sound, document } of planted) await plant(sound, document);
  let damaged = 0;
  for (const query of await queries(opened, answered)) {
    const found = await findReport(instances, query).catch((error) => {
      ok(error instanceof DamagedInstance, String(error));
      match(error.message, /^Instance .+ cannot be read: [\w.$[\]]+ (is|are) /);
    });
    if (found === undefined) damaged++;
    else read(found);
  }
  ok(damaged > answered.length / 2, String(damaged));
  await answerAll(opened, answered);
  for (const [i, query] of (await queries(opened, answered)).entries()) {
    const found = await findReport(instances, query);
    read(found!);
    equal(found!._hash, answered[i]!._hash);
  }
}

function queries({ inbox }: Pick<Opened, "inbox">, answered: readonly Report[]) {
  return Promise.all(answered.map(async (each, i) => (await inbox.find(hashOfQuestion(each, i)))!));
}

function hashOfQuestion({ sub_type: qtype }: Report, number: number): Hash {
  return question(number, { qtype }).query._hash;
}

/** Answers a question for each of the reports with it, as a worker does. */
async function answerAll(
  { inbox }: Pick<Opened, "inbox">,
  reports: readonly Report[],
): Promise<void> {
  for (const [i, { sub_type: qtype }] of reports.entries()) {
    const { query, parts } = question(i, { qtype });
    await inbox.ask(query, parts);
  }
  const claims = await inbox.claim({ owner: "w", limit: reports.length, lease: 60, now: NOW });
  deepEqual(claims.map(({ id }) => id), reports.map(hashOfQuestion));
  for (const [i, claim] of claims.entries()) {
    await inbox.finish(claim, { status: "ready", report: reports[i]! });
  }
}

/** Reads a report in every way in which answers are shown. */
function read(found: Report): void {
  if (typeof found.data === "string") return;
  const asked = attribute(NAMED.sub_type, NAMED.data);
  const ranks = [{ hash: EVENT._hash, report: found }];
  const result: QueryResult = found.sub_type === "count"
    ? { qtype: "count", asked, filter: {}, report: found }
    : found.sub_type === "related"
    ? { qtype: "related", asked, report: found }
    : { qtype: "threatrank", ranks };
  centralAttribute({ asked: { subType: "ipv4", data: "x" } } as RelatedQuery, found);
  nextCursor(found);
  writeJson(jsonAnswer(result) as Value);
  switch (result.qtype) {
    case "count":
      formatCount(found, asked);
      break;
    case "related":
      formatRelated(found);
      break;
    case "threatrank":
      formatRank(found, EVENT._hash, { explain: true, organisations: new Map() });
  }
  for (const format of result.qtype === "count" ? PLAIN_FORMATS : ALL_FORMATS) {
    exportAnswer(result, format);
  }
}
