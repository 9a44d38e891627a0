import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { threatRank } from "../../lib/graph/threatrank.ts";
import { meaning } from "../../lib/indicators/meaning.ts";
import { attribute, type AttributeName } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Category, Event } from "../../lib/tahoe/instance.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { type AnswerOptions, answerQuestion } from "../../lib/tdql/answer.ts";
import { lookUp, type LookupAnswer } from "../../lib/tdql/lookup.ts";
import { readQuery } from "../../lib/tdql/query.ts";
import type { Answering, OpenAnswering } from "./answer_suite.ts";
import { collect } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

const NOW = 1000;
const ORGIDS = ["o", "p"];
const LIMITS = { maxEvents: 1000, maxEdges: 10_000, maxWedges: 100_000, deadline: 20 };
const CATEGORIES = ["malicious", "benign", "unknown"] as const;

/** Values as people paste them, and attributes as importers store them. */
const VALUES = [
  "192.0.2.1",
  "2001:DB8::1",
  "192.0.2[.]9",
  "WWW.Example.com.",
  "hxxp://EXAMPLE.com/a",
  "CVE-2021-44228",
  "44D88612FEA8A8F36DE82E1278ABB02F",
  "unseen.example",
  "192.0.2.1:22/tcp",
  "192.0.2.0/29",
  "2001:db8::/64",
];
const STORED = [
  attribute("ipv4", "192.0.2.1"),
  attribute("ipv4", "::ffff:192.0.2.1"),
  attribute("ipv6", "2001:db8::1"),
  attribute("domain", "www.example.com"),
  attribute("hostname", "www.example.com"),
  attribute("url", "http://example.com/a"),
  attribute("cve", "CVE-2021-44228"),
  attribute("md5", "44d88612fea8a8f36de82e1278abb02f"),
];

const EVENTS: fc.Arbitrary<Event[]> = fc.array(
  fc.record({
    held: fc.subarray(STORED, { minLength: 1, maxLength: 4 }),
    orgid: fc.constantFrom("o", "o", "p", "hidden"),
    timestamp: fc.constantFrom(NaN, -5.5, 1, 2, 3, 2000),
    category: fc.constantFrom<Category>("unknown", "unknown", "benign", "malicious"),
  }).map(({ held, orgid, timestamp, category }) => ({
    ...event("sighting", held, { orgid, timestamp }),
    category,
  })),
  { maxLength: 20, size: "max" },
);

/** Registers tests of `lookUp` over a backend, on `runs` random archives among others. */
export function lookupSuite(name: string, open: OpenAnswering, { runs }: { runs: number }): void {
  const test = testOn(name, open);

  test("a lookup has what single queries answer", async (stores) => {
    await fc.assert(
      fc.asyncProperty(EVENTS, async (events) => {
        await fill(stores, events);
        const indicators = VALUES.map((value) => meaning(undefined, value));
        const answers = await lookUpAll(stores, indicators.map(({ attributes }) => attributes));
        equal(answers.length, VALUES.length);
        for (const [number, answer] of answers.entries()) {
          const { subType, data } = indicators[number]!.normal;
          const question: Fields = { sub_type: subType, data, match: "equivalent" };
          await checkCounts(stores, question, answer);
          equal(answer.rank?.rank, await highestRank(stores, question));
        }
      }),
      { numRuns: runs },
    );
  });

  test("a lookup says what may be meant by a sub-type that no importer stores", async (stores) => {
    for (const subType of ["domian", "user", "DOMAIN", "sensor_id"]) {
      const { normal, attributes } = meaning(subType, "a.example");
      const [answer] = await lookUpAll(stores, [attributes]);
      equal(
        answer!.advice?.includes("Did you mean"),
        ["domian", "user"].includes(subType) || undefined,
      );
      const question = { sub_type: normal.subType, data: normal.data, match: "equivalent" };
      await checkCounts(stores, question, answer!);
    }
  });

  test("a lookup of thousands has an answer for each, in order", async (stores) => {
    const seen = attribute("ipv4", "192.0.2.1");
    await stores.archive.put([seen, event("sighting", [seen], { orgid: "o", timestamp: 1 })]);
    const indicators = Array.from(
      { length: 4500 },
      (_, number) =>
        number % 1500 === 7
          ? [{ subType: "ipv4", data: "192.0.2.1" }]
          : number % 1500 === 8
          ? []
          : [{ subType: "domain", data: `host-${number}.example` }],
    );
    const found: number[] = [];
    for await (const answers of lookUp(indicators, { graph: stores.graph, filter: filter() })) {
      for (const { sightings } of answers) found.push(sightings.events);
    }
    deepEqual(found, indicators.map((_, number) => number % 1500 === 7 ? 1 : 0));
  });
}

async function fill({ archive }: Answering, events: readonly Event[]): Promise<void> {
  for (const { _hash } of await collect(archive.all())) await archive.remove(_hash);
  const unique = new Map(events.map((each) => [each._hash, each]));
  await archive.put([...STORED, ...unique.values()]);
}

function filter() {
  return { orgids: ORGIDS, start: -Infinity, end: NOW, category: "all" } as const;
}

async function lookUpAll(
  { graph, edges }: Answering,
  indicators: readonly (readonly AttributeName[])[],
): Promise<LookupAnswer[]> {
  const rank = { edges, decay: 0.9, limits: LIMITS, now: NOW };
  const chunks = await collect(lookUp(indicators, { graph, filter: filter(), rank }));
  return chunks.flat();
}

async function checkCounts(stores: Answering, question: Fields, answer: LookupAnswer) {
  const { sightings, found, outside, outsideTimes } = answer;
  const { data, details } = await ask(stores, "count", question);
  equal(BigInt(sightings.events), data);
  deepEqual(
    found.map(({ subType, data }) => `${subType} ${data}`).sort(),
    details!.found.map(({ sub_type, data }) => `${sub_type} ${data}`).sort(),
  );
  equal(BigInt(outside), details!.outside?.["events"] ?? 0n);
  const { first_seen, last_seen } = details!.outside ?? {};
  deepEqual([outsideTimes?.first, outsideTimes?.last], [first_seen, last_seen]);
  const pairs = [["within", answer.within], ["addresses", answer.addresses]] as const;
  for (const [field, near] of pairs) {
    const fields = near.map(({ subType, data, events }) => ({
      sub_type: subType,
      data,
      events: BigInt(events),
    }));
    deepEqual(fields, details![field] ?? [], field);
  }
  equal(answer.advice, details!.advice);
  equal(sightings.first ?? undefined, details!.first_seen);
  equal(sightings.last ?? undefined, details!.last_seen);
  for (const category of CATEGORIES) {
    const { data } = await ask(stores, "count", { ...question, category });
    equal(BigInt(sightings[category]), data, category);
  }
}

/** The highest rank of the events on the first page; undefined if there are none. */
async function highestRank(stores: Answering, question: Fields): Promise<number | undefined> {
  const listing = { ...question, summary: false, return_type: "event" };
  const events = (await ask(stores, "related", listing)).data as unknown as Event[];
  const options = { orgids: ORGIDS, now: NOW, decay: 0.9, limits: LIMITS };
  const ranks = await Promise.all(
    events.map(async ({ _hash }) => (await threatRank(stores.edges, _hash, options))!.rank),
  );
  return ranks.length === 0 ? undefined : Math.min(...ranks);
}

function ask(stores: Answering, qtype: string, question: Fields) {
  const options: AnswerOptions = { ...stores, decay: 0.9, limits: LIMITS, now: () => NOW };
  const asker = { userid: "0f".repeat(32), orgids: ORGIDS };
  return answerQuestion(readQuery(qtype, question), asker, options);
}
