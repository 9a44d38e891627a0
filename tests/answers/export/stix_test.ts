import { deepEqual, equal } from "../../assert.ts";
import type { QueryResult } from "../../../lib/answers/answer_content.ts";
import { exportAnswer } from "../../../lib/answers/export/export_answer.ts";
import {
  countAnswer,
  hashAnswer,
  HOSTILE_TEXTS,
  listing,
  listingAnswer,
  OTHER_SCALARS,
  ranksAnswer,
  relatedAnswer,
  summaryAnswer,
  summaryGraphAnswer,
} from "./answers.ts";
import { readBundle, type StixObject } from "./stix_rules.ts";

function read(result: QueryResult, elsewhere: readonly string[] = []): StixObject[] {
  return readBundle(exportAnswer(result, "stix"), elsewhere);
}

function ofType(objects: readonly StixObject[], type: string): StixObject[] {
  return objects.filter((object) => object.type === type);
}

/** Returns the properties that STIX does not have; the id of our definition is the only key. */
function extensionOf({ extensions }: StixObject): unknown {
  return Object.values(extensions as { readonly [id: string]: unknown })[0];
}

Deno.test("stixBundle writes a count as a note on the attribute", () => {
  const objects = read(countAnswer(14n, { last: "30d", category: "malicious" }));
  const [note] = ofType(objects, "note");
  const [address] = ofType(objects, "ipv4-addr");
  equal(address!["value"], "203.0.113.7");
  deepEqual(note!["object_refs"], [address!.id]);
  equal(note!["content"], "Events that hold it: 14 (last 30d, category malicious)");
  equal(note!["modified"], "2026-09-21T14:13:20.500Z");
  deepEqual(extensionOf(note!), {
    extension_type: "property-extension",
    count: 14,
    chosen: { last: "30d", category: "malicious" },
  });
});

Deno.test("stixBundle relates attributes to the asked one, and describes the path if it is known", () => {
  const plain = ofType(read(summaryAnswer(["a.exe"])), "relationship");
  const explained = ofType(read(summaryGraphAnswer(["a.exe"])), "relationship");
  deepEqual(plain.map(({ id }) => id), explained.map(({ id }) => id));
  const [address, file] = read(summaryAnswer(["a.exe"])).slice(2);
  const { relationship_type, source_ref, target_ref } = plain[0]!;
  deepEqual([relationship_type, source_ref, target_ref], ["related-to", address!.id, file!.id]);
  equal(plain[0]!["description"], undefined);
  equal(
    explained[0]!["description"],
    "filename=attribute > dst=object > dns=event > ipv4=attribute",
  );
});

Deno.test("stixBundle merges attributes that STIX does not distinguish, and does not relate one to itself", () => {
  const objects = read(relatedAnswer({
    ipv4: ["203.0.113.7"],
    ipv6: ["203.0.113.7"],
    domain: ["example.com"],
    hostname: ["example.com"],
  }));
  deepEqual(objects.slice(2).map(({ type }) => type), ["ipv4-addr", "domain-name", "relationship"]);
});

Deno.test("stixBundle writes events as observed data, and objects and sessions as groupings", () => {
  const objects = read(listingAnswer("secret"));
  const [event] = ofType(objects, "observed-data");
  const idOf = (name: string, value: string) =>
    objects.find((object) => object[name] === value && object.type !== "grouping")!.id;
  const [address, password, filename] = [
    idOf("value", "203.0.113.7"),
    idOf("sub_type", "password"),
    idOf("name", "secret"),
  ];
  const hash = objects.find((object) => object["hashes"] !== undefined)!.id;
  equal(event!["first_observed"], "2023-11-14T22:13:20.250Z");
  equal(event!["last_observed"], event!["first_observed"]);
  deepEqual(event!["object_refs"], [address, password, filename, hash]);
  deepEqual(extensionOf(event!), {
    extension_type: "property-extension",
    sub_type: "login",
    orgid: "0".repeat(64),
    category: "malicious",
    benign_refs: [password],
    malicious_refs: [address],
    hash: listing("secret").login._hash,
  });
  const [file, session] = ofType(objects, "grouping");
  deepEqual(file!["object_refs"], [filename, hash]);
  deepEqual(session!["object_refs"], [idOf("sub_type", "sessionid"), event!.id]);
});

Deno.test("stixBundle writes ThreatRanks as notes on observed data", () => {
  const objects = read(ranksAnswer("http://example.com/"));
  const notes = ofType(objects, "note");
  deepEqual(
    notes.map((note) => note["object_refs"]),
    ofType(objects, "observed-data").map(({ id }) => [id]),
  );
  deepEqual(notes.map(extensionOf), [
    {
      extension_type: "property-extension",
      threatrank: -0.375,
      least: -0.5,
      most: -0.25,
      flags: ["truncated", "evidence_cut"],
    },
    { extension_type: "property-extension", threatrank: -1 },
  ]);
});

Deno.test("stixBundle gives an event that was asked for by its hash the same id as other exports", () => {
  const [event] = ofType(read(listingAnswer("secret")), "observed-data");
  const { hash } = extensionOf(event!) as { hash: string };
  const result = hashAnswer();
  if (result.qtype !== "threatrank") throw new Error("Not a rank");
  const ranks = result.ranks.map((ranked) => ({ ...ranked, hash }));
  const [note] = ofType(read({ qtype: "threatrank", ranks }, [event!.id]), "note");
  deepEqual(note!["object_refs"], [event!.id]);
});

Deno.test("stixBundle gives the same things the same ids and creation times in every export", () => {
  const ids = (result: QueryResult) => read(result).map(({ id, created }) => `${id} ${created}`);
  const later = (result: QueryResult): QueryResult =>
    result.qtype === "related"
      ? { ...result, report: { ...result.report, timestamp: 1_800_000_000 } }
      : result;
  deepEqual(ids(later(listingAnswer("a"))), ids(listingAnswer("a")));
  equal(exportAnswer(listingAnswer("a"), "stix"), exportAnswer(listingAnswer("a"), "stix"));
  const counts = [countAnswer(1n), countAnswer(2n), countAnswer(1n, { last: "1d" })];
  const notes = counts.map((result) => ofType(read(result), "note")[0]!.id);
  deepEqual([notes[0] === notes[1], notes[0] === notes[2]], [true, false]);
});

Deno.test("stixBundle never modifies an object before its creation, whatever the time of the report", () => {
  const result = countAnswer(1n);
  if (result.qtype !== "count") throw new Error("Not a count");
  const [note] = ofType(
    read({ ...result, report: { ...result.report, timestamp: 0 } }),
    "note",
  );
  equal(note!["modified"], note!["created"]);
});

Deno.test("stixBundle has no objects for an empty answer", () => {
  deepEqual(read(relatedAnswer({})), []);
  deepEqual(read(relatedAnswer([])), []);
  deepEqual(read({ qtype: "threatrank", ranks: [] }), []);
});

for (const text of HOSTILE_TEXTS) {
  Deno.test(`stixBundle keeps ${JSON.stringify(text.slice(0, 30))} in its property`, () => {
    const password = read(summaryAnswer([text])).find((object) =>
      object["sub_type"] === "password"
    );
    equal(password!["data"], text.toWellFormed());
    read(summaryGraphAnswer([text]));
    read(listingAnswer(text));
    read(ranksAnswer(text));
    // The text must not control a terminal that shows it.
    equal(/(?!\n)[\p{Cc}\u202e]/u.test(exportAnswer(summaryAnswer([text]), "stix")), false);
  });
}

Deno.test("stixBundle writes values that are not strings", () => {
  const objects = read(summaryAnswer(OTHER_SCALARS));
  const values = objects.filter((object) => object["sub_type"] === "password")
    .map(({ data, data_type }) => `${data_type} ${data}`);
  deepEqual(values, [
    "null null",
    "boolean true",
    "integer 5",
    "integer 1180591620717411303424",
    "float 1.5",
    "float -0.5",
    "float NaN",
  ]);
});
