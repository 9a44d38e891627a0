import { deepEqual, equal, match } from "../assert.ts";
import { importPrivateKey, type PrivateKey } from "../../lib/envelope/key.ts";
import type { Edges } from "../../lib/graph/edges.ts";
import type { Graph } from "../../lib/graph/graph.ts";
import { org } from "../../lib/identity/org.ts";
import { user } from "../../lib/identity/user.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { canonicalForm } from "../../lib/tahoe/canonical.ts";
import { event } from "../../lib/tahoe/event.ts";
import { computeHash } from "../../lib/tahoe/hash.ts";
import type { Event, Hash, Instance } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { parseJson, writeJson } from "../../lib/tahoe/json.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { answer, type AnswerOptions } from "../../lib/tdql/answer.ts";
import { parseBytesLiteral, writeBytesLiteral } from "../../lib/tdql/bytes_literal.ts";
import type { EnvelopeOptions } from "../../lib/tdql/question.ts";
import { tdql } from "../../lib/tdql/tdql.ts";
import { readVectors } from "../vectors.ts";
import { readDocuments } from "./reports/read_documents.ts";
import { testOn } from "./test_on.ts";

/** Opens empty stores; `close` removes everything. */
export type OpenAnswering = () => Promise<Answering>;

export type Answering = {
  readonly archive: InstanceStore;
  readonly graph: Graph;
  readonly edges: Edges;
  readonly identity: InstanceStore;
  close(): Promise<void>;
};

type Vector = {
  readonly id: string;
  readonly qtype: string;
  readonly query_json: string;
  readonly qdata: string;
  readonly qhash: Hash;
  readonly encrypted: boolean;
  readonly userid: Hash;
  readonly status: "ready" | "failed";
  readonly data_json: string;
};

const NOW = 1_600_000_000;

/** Registers tests of whole queries over a backend, from qdata to report. */
export function answerSuite(name: string, open: OpenAnswering): void {
  const test = testOn(name, open);

  for (const set of ["small", "lockheed_martin", "random300", "unicode", "threatrank_graph"]) {
    test(`answer has the status of every vector of ${set}`, async (stores) => {
      const events = await readDocuments(`reports/${set}/tahoe.jsonl`) as unknown as Instance[];
      const members = await readDocuments(`reports/${set}/identity.jsonl`) as unknown as Instance[];
      await stores.archive.put(events);
      await stores.identity.put(members);
      const { now, queries, private_key } = JSON.parse(
        await readVectors(`reports/${set}/cases.json`),
      );
      const key = await importPrivateKey(await readVectors(private_key));
      const options = answerOptions(stores, key, now);
      for (const vector of queries as Vector[]) {
        const { query } = tdql({ ...vector, timestamp: now, status: "wait" });
        const { status, report } = await answer(query, options);
        const visible = new Set(visibleHashes(vector.userid, events, members));
        equal(status, expectedStatus(vector, visible), `${vector.id}: ${writeJson(report.data)}`);
        equal(report.userid, vector.userid);
        equal(report.sub_type, vector.qtype);
        if (status === "failed") match(String(report.data), /^(Validation|InvalidPar|InvalidUser)/);
        if (vector.encrypted && vector.qtype === "count" && status === "ready") {
          deepEqual(report.data, parseJson(vector.data_json), vector.id);
        }
      }
    });
  }

  test("answer says which part of a query is wrong", async (stores) => {
    const { userid } = await addMembers(stores);
    const options = answerOptions(stores, await anyKey(), NOW);
    const sound = { sub_type: "ipv4", data: "203.0.113.7" };
    const cases: readonly (readonly [Partial<Parameters<typeof tdql>[0]>, Fields, RegExp])[] = [
      [{ qtype: "list" }, sound, /^InvalidParameterValue: qtype must be count, related or thr/],
      [{ qtype: "no type" }, sound, /^InvalidParameterValue: qtype must be/],
      [{ userid: "0".repeat(64) }, sound, /^InvalidUserError: User does not exist in identity db!/],
      [
        {},
        { ...sound, tzname: "Mars/Olympus" },
        /^InvalidParameterValue: tzname is not an IANA time/,
      ],
      [{}, { ...sound, colour: "red" }, /^ValidationError: colour is not a field of query data/],
      [
        {},
        { ...sound, sub_type: "ip v4" },
        /^ValidationError: sub_type must be a sub-type such as/,
      ],
      [
        {},
        { ...sound, data: "hello", match: "equivalent" },
        /^ValidationError: data cannot be an ipv4: give an address, such as 192\.0\.2\.1$/,
      ],
      [
        {},
        { ...sound, from: "2020-01-02", to: "2020-01-01" },
        /^InvalidParameterValue: from is after to: exchange them$/,
      ],
      [
        {},
        { ...sound, last: "0d", match: "literal" },
        /^InvalidParameterValue: last must be longer than nothing/,
      ],
      [
        {},
        { ...sound, from: "2000-01-01", match: "literal", by: "hour" },
        /^InvalidParameterValue: by hour would give more than 5000 rows: ask for a shorter time/,
      ],
      [{}, { sub_type: "ipv4" }, /^ValidationError: data is missing: count needs it/],
      [{ qdata: "__import__('os')" }, sound, /^ValidationError: qdata must be a bytes literal/],
      [{ qdata: "b'\\xff'" }, sound, /^ValidationError: qdata is not UTF-8 text/],
      [{ encrypted: true }, sound, /^ValidationError: qdata cannot be decrypted/],
    ];
    for (const [fields, question, message] of cases) {
      const { query } = tdql({ ...plain("count", question, userid), ...fields });
      const { status, report } = await answer(query, options);
      equal(status, "failed");
      match(String(report.data), message);
    }
  });

  test("answer fails in the same way for a threatrank of a hidden or unknown hash, or of another itype", async (stores) => {
    const { userid, seen, hidden, address } = await addMembers(stores);
    const options = answerOptions(stores, await anyKey(), NOW);
    const failed = new Set<unknown>();
    for (const _hash of [hidden._hash, address._hash, "0".repeat(64)]) {
      const { query } = tdql(plain("threatrank", { _hash }, userid));
      const { status, report } = await answer(query, options);
      equal(status, "failed");
      failed.add(report.data);
    }
    deepEqual([...failed], ["InvalidParameterValue: _hash is not an event that you may see"]);
    const upper = { _hash: seen._hash.toUpperCase() };
    const { status, report } = await answer(
      tdql(plain("threatrank", upper, userid)).query,
      options,
    );
    deepEqual([status, report.data, report.evidence], ["ready", 0, undefined]);
  });

  test("answer counts within bounds, but a bound of exactly 0 counts as none", async (stores) => {
    const { userid } = await addMembers(stores);
    const options = answerOptions(stores, await anyKey(), NOW);
    const counted = async (time: Fields) => {
      const question = { sub_type: "ip", data: "203.0.113.7", ...time };
      return (await answer(tdql(plain("count", question, userid)).query, options)).report.data;
    };
    equal(await counted({}), 1n);
    equal(await counted({ to: "0" }), 2n);
    equal(await counted({ from: "0", to: "0" }), 2n);
    equal(await counted({ from: String(NOW + 1), to: "0" }), 1n);
    equal(await counted({ last: "10 s" }), 1n);
    equal(await counted({ last: "9 s" }), 0n);
  });

  test("answer with match says what was asked and found, and when", async (stores) => {
    const { userid, orgid } = await addMembers(stores);
    const mapped = attribute("ipv4", "::ffff:203.0.113.7");
    const both = event("sighting", [mapped, attribute("ipv4", "203.0.113.7")], {
      orgid,
      timestamp: NOW - 86_400,
    });
    await stores.archive.put([mapped, both]);
    const options = answerOptions(stores, await anyKey(), NOW);
    const asked = { sub_type: "ip", data: "203.0.113[.]7", match: "equivalent" };
    const ask = async (qtype: string, question: Fields) =>
      (await answer(tdql(plain(qtype, question, userid)).query, options)).report;
    const counted = await ask("count", { ...asked, by: "day", tzname: "Asia/Tokyo" });
    equal(counted.data, 2n);
    equal(computeHash(counted), counted._hash);
    deepEqual({ ...counted.details, question: undefined }, {
      question: undefined,
      asked: { sub_type: "ipv4", data: "203.0.113.7" },
      found: [
        { sub_type: "ipv4", data: "203.0.113.7", events: 2n },
        { sub_type: "ipv4", data: "::ffff:203.0.113.7", events: 1n },
      ],
      events: 2n,
      range: { from: null, to: NOW, tzname: "Asia/Tokyo" },
      first_seen: NOW - 86_400,
      last_seen: NOW - 10,
      // 12:26:40 UTC is 21:26:40 in Tokyo.
      histogram: [
        { start: 1_599_836_400, label: "2020-09-12", events: 1n },
        { start: 1_599_836_400 + 86_400, label: "2020-09-13", events: 1n },
      ],
    });
    const { data, details } = await ask("related", asked);
    const { ipv4 } = data as { readonly [subType: string]: string[] };
    deepEqual(new Set(ipv4), new Set(["203.0.113.7", "::ffff:203.0.113.7"]));
    deepEqual([details?.pages, details?.events], [1n, 2n]);
    deepEqual(details?.attributes, details?.found);
    equal((await ask("count", { sub_type: "ip", data: "203.0.113.7" })).details, undefined);
    equal((await ask("count", { sub_type: "ip", data: "203.0.113[.]7" })).data, 0n);
  });

  test("answer says what else there is where nothing was found, to whoever may see it", async (stores) => {
    const { userid, orgid } = await addMembers(stores);
    const network = attribute("ipv4_net", "198.51.100.0/24");
    const wider = attribute("ipv4_net", "198.51.0.0/16");
    const late = attribute("ipv4", "198.51.100.7");
    const at = (timestamp: number, of = orgid) => ({ orgid: of, timestamp });
    const seen = attribute("ipv4", "203.0.113.66");
    const other = attribute("ipv4", "203.0.113.67");
    await stores.archive.put([
      network,
      wider,
      late,
      seen,
      other,
      event("sighting", [seen], at(NOW - 5)),
      event("sighting", [other], at(NOW - 5, "hidden")),
      event("sighting", [network], at(NOW - 5)),
      event("sighting", [wider], at(NOW - 5, "hidden")),
      event("sighting", [late], at(NOW + 86_400)),
      event("sighting", [late], at(NOW + 90_000)),
      event("sighting", [late], at(NOW + 95_000, "hidden")),
    ]);
    const options = answerOptions(stores, await anyKey(), NOW);
    const ask = async (qtype: string, question: Fields) => {
      const asked = { match: "equivalent", ...question };
      const { details } = (await answer(tdql(plain(qtype, asked, userid)).query, options)).report;
      const { outside, within, addresses, advice } = details!;
      return { outside, within, addresses, advice };
    };
    const within = [{ sub_type: "ipv4_net", data: "198.51.100.0/24", events: 1n }];
    const nothing = {
      outside: undefined,
      within: undefined,
      addresses: undefined,
      advice: undefined,
    };
    const outside = { events: 2n, first_seen: NOW + 86_400, last_seen: NOW + 90_000 };
    for (const qtype of ["count", "related"]) {
      deepEqual(await ask(qtype, { sub_type: "ipv4", data: "198.51.100.7" }), {
        ...nothing,
        outside,
        within,
      });
      const other = { sub_type: "IPV4", data: "198.51.100.8" };
      deepEqual(await ask(qtype, other), { ...nothing, within });
      deepEqual(await ask(qtype, { ...other, category: "malicious" }), nothing);
      deepEqual(await ask(qtype, { sub_type: "domian", data: "a.example" }), {
        ...nothing,
        advice: "No importer stores the sub-type domian. Did you mean domain?",
      });
      deepEqual(await ask(qtype, { sub_type: "url", data: "ssh://root@203.0.113.66:22/" }), {
        ...nothing,
        within: [{ sub_type: "ipv4", data: "203.0.113.66", events: 1n }],
      });
      const advice =
        "Events that hold only addresses in the network do not count: ask for each address";
      deepEqual(await ask(qtype, { sub_type: "ipv4_net", data: "203.0.113.64/26" }), {
        ...nothing,
        addresses: [{ sub_type: "ipv4", data: "203.0.113.66", events: 1n }],
        advice,
      });
      deepEqual(await ask(qtype, { sub_type: "ipv4_net", data: "203.0.112.0/23" }), {
        ...nothing,
        advice,
      });
      // All of its addresses were looked for.
      deepEqual(await ask(qtype, { sub_type: "ipv4_net", data: "192.0.2.0/24" }), nothing);
    }
  });

  test("answer fails, and says how to ask for less, if no report could hold the result", async (stores) => {
    const { userid, orgid } = await addMembers(stores);
    const domain = attribute("domain", "example.com");
    const bodies = Array.from({ length: 4 }, (_, n) => attribute("body", `${n}`.repeat(5_000_000)));
    const mails = bodies.map((body) => event("email", [domain, body], { orgid, timestamp: 1 }));
    await stores.archive.put([domain, ...bodies, ...mails]);
    const options = answerOptions(stores, await anyKey(), NOW);
    const question = { sub_type: "domain", data: "example.com" };
    const { status, report } = await answer(
      tdql(plain("related", question, userid)).query,
      options,
    );
    equal(status, "failed");
    match(String(report.data), /^InvalidParameterValue: .*15 MiB/);
  });
}

export function answerOptions(
  stores: Answering,
  key: PrivateKey,
  now: number,
): AnswerOptions & EnvelopeOptions {
  const limits = { maxEvents: 1e5, maxEdges: 1e6, maxWedges: 1e8, deadline: 30 };
  const opening = { keys: [key], first: "eax", maxBytes: 1e6 } as const;
  return { ...stores, ...opening, decay: 0.998, limits, now: () => now };
}

export async function anyKey(): Promise<PrivateKey> {
  return await importPrivateKey(await readVectors("envelopes/priv2048.pem"));
}

/** Makes a query whose data is not encrypted. */
export function plain(qtype: string, question: Fields, userid: Hash) {
  const qdata = writeBytesLiteral(new TextEncoder().encode(canonicalForm(question)));
  return { qtype, qdata, qhash: "", userid, timestamp: NOW, encrypted: false };
}

/** Adds a user who sees one of two organisations, an event of each, and one of the future. */
export async function addMembers({ archive, identity }: Answering) {
  const addOrg = async (name: string) => {
    const member = user({ email: `${name}@example.com` });
    const newOrg = org({ orgname: name, users: [member.user], admins: [member.user] });
    await identity.put([...member.parts, member.user, ...newOrg.parts, newOrg.org]);
    return { userid: member.user._hash, orgid: newOrg.org._hash };
  };
  const [mine, theirs] = [await addOrg("a"), await addOrg("b")];
  const address = attribute("ipv4", "203.0.113.7");
  const eventAt = (orgid: Hash, timestamp: number) =>
    event("sighting", address, { orgid, timestamp });
  const seen = eventAt(mine.orgid, NOW - 10);
  const hidden = eventAt(theirs.orgid, NOW - 10);
  await archive.put([address, seen, hidden, eventAt(mine.orgid, NOW + 10)]);
  const stranger = theirs.userid;
  return { userid: mine.userid, orgid: mine.orgid, seen, hidden, address, stranger };
}

function visibleHashes(
  userid: Hash,
  instances: readonly Instance[],
  members: readonly Instance[],
): Hash[] {
  const orgs = members.filter((each) => each.sub_type === "cybexp_org") as unknown as {
    readonly _hash: Hash;
    readonly _usr_ref: readonly Hash[];
  }[];
  const orgids = orgs.filter((org) => org._usr_ref.includes(userid)).map((org) => org._hash);
  return instances.filter((each): each is Event => each.itype === "event")
    .filter(({ orgid }) => orgids.includes(orgid)).map(({ _hash }) => _hash);
}

/** Returns the vector's status, except where the contract deliberately differs from it. */
function expectedStatus(
  { qtype, query_json, qdata, encrypted, status, data_json }: Vector,
  visible: ReadonlySet<Hash>,
): string {
  const question = parseJson(query_json) as Fields;
  if (!isLiteral(qdata)) return "failed";
  const serverError = data_json.includes("server error");
  if (qtype === "threatrank" && serverError) {
    return visible.has(String(question["_hash"]).toLowerCase()) ? "ready" : "failed";
  }
  const complete = "sub_type" in question && "data" in question;
  if (qtype === "related" && !complete) return "failed";
  if (qtype === "related" && serverError && question["summary_graph"] === true && !encrypted) {
    return "ready";
  }
  if (typeof question["level"] === "number" || typeof question["page"] === "number") {
    return "failed";
  }
  return status;
}

function isLiteral(text: string): boolean {
  try {
    parseBytesLiteral(text);
    return true;
  } catch {
    return false;
  }
}
