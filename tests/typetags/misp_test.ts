import { deepEqual, equal, ok, throws } from "../assert.ts";
import fc from "fast-check";
import { Rejected } from "../../lib/errors.ts";
import { related } from "../../lib/graph/related.ts";
import { parsePlaintext } from "../../lib/lake/parse.ts";
import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { computeHash } from "../../lib/tahoe/hash.ts";
import type { Event, Instance, Session } from "../../lib/tahoe/instance.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import type { FilterResult } from "../../lib/typetags/filter.ts";
import { MISP_FILTER } from "../../lib/typetags/misp.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };
const UUID = "00000000-0000-4000-8000-000000000001";
const OTHER = "00000000-0000-4000-8000-000000000002";

function readText(text: string): FilterResult {
  return MISP_FILTER.read(
    parsePlaintext(text, { typetag: "misp", orgid: "org", timezone: null }).data,
    SOURCE,
  );
}

function read(document: unknown): FilterResult {
  return readText(JSON.stringify(document));
}

function readEvent(fields: Record<string, unknown>): FilterResult {
  return read({ Event: { uuid: UUID, info: "Test", timestamp: "1600000000", ...fields } });
}

function attribute(type: string, value: string, more: Record<string, unknown> = {}) {
  return { type, value, to_ids: false, timestamp: "1600000001", ...more };
}

/** JSON with whole numbers as JSON has them. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, member) => typeof member === "bigint" ? Number(member) : member);
}

/** The data of the events of a sub-type, as JSON. */
function dataOf({ events }: FilterResult, subType: string): readonly string[] {
  return events.filter(({ sub_type }) => sub_type === subType).map(({ data }) => toJson(data));
}

function onlyEvent({ events }: FilterResult, subType: string): Event {
  const [event, ...more] = events.filter(({ sub_type }) => sub_type === subType);
  ok(event !== undefined && more.length === 0);
  return event;
}

function sessionsOf({ instances }: FilterResult): readonly Session[] {
  return instances.filter((instance) => instance.itype === "session");
}

/** The sub-types of the instances with some hashes, sorted. */
function subTypesOf(filtered: FilterResult, hashes: readonly string[]): readonly string[] {
  const subTypes = new Map(filtered.instances.map((one: Instance) => [one._hash, one.sub_type]));
  return hashes.map((hash) => subTypes.get(hash) ?? "missing").sort();
}

Deno.test("misp makes an event of each attribute, one of the MISP event, and a session of all of them", () => {
  const filtered = readEvent({
    Orgc: { name: "Example CERT" },
    Tag: [{ name: "tlp:green" }],
    Attribute: [
      attribute("domain", "example.com", { Tag: [{ name: "c2" }] }),
      attribute("sha1", "00", { timestamp: "0" }),
    ],
  });
  deepEqual(dataOf(filtered, "misp_attribute"), [
    '{"domain":["example.com"],"tag":["c2"]}',
    '{"sha1":["00"]}',
  ]);
  deepEqual(filtered.events.map(({ timestamp }) => timestamp), [
    1600000001,
    1600000000,
    1600000000,
  ]);
  deepEqual(dataOf(filtered, "misp_event"), [
    toJson({ uuid: [UUID], info: ["Test"], organisation: ["Example CERT"], tag: ["tlp:green"] }),
  ]);
  const [session, ...more] = sessionsOf(filtered);
  ok(session !== undefined && more.length === 0);
  equal(toJson(session.data), toJson({ uuid: [UUID] }));
  deepEqual(subTypesOf(filtered, session._ref), [
    "misp_attribute",
    "misp_attribute",
    "misp_event",
    "uuid",
  ]);
});

Deno.test("misp puts an attribute into the malicious context if to_ids is set", () => {
  for (const to_ids of [true, 1, "1"]) {
    const filtered = readEvent({
      Attribute: [attribute("ip-dst|port", "192.0.2.1|80", { to_ids })],
    });
    const event = onlyEvent(filtered, "misp_attribute");
    equal(event.category, "malicious");
    // A port alone is not malicious: many hosts use it.
    deepEqual(subTypesOf(filtered, event._mal_ref), ["dst", "ipv4"]);
  }
  for (const to_ids of [false, 0, "0", null]) {
    const event = onlyEvent(
      readEvent({ Attribute: [attribute("domain", "example.com", { to_ids })] }),
      "misp_attribute",
    );
    deepEqual([event.category, event._mal_ref, event._ben_ref], ["unknown", [], []]);
  }
});

Deno.test("misp makes an object of each MISP object, and marks as malicious what its attributes mark", () => {
  const filtered = readEvent({
    Object: [{
      name: "file",
      timestamp: "1600000002",
      Attribute: [
        attribute("filename", "a.exe", { object_relation: "filename" }),
        attribute("sha256", "AB", { object_relation: "sha256", to_ids: true }),
        attribute("text", "Malicious", { object_relation: "state", Tag: [{ name: "a" }] }),
        attribute("text", "Gone", { deleted: true, Tag: [{ name: "b" }] }),
      ],
    }],
  });
  const event = onlyEvent(filtered, "misp_object");
  equal(
    toJson(event.data),
    toJson({ file: [{ filename: ["a.exe"], sha256: ["ab"], state: ["Malicious"] }], tag: ["a"] }),
  );
  equal(event.timestamp, 1600000002);
  equal(event.category, "malicious");
  deepEqual(subTypesOf(filtered, event._mal_ref), ["file", "sha256"]);
});

Deno.test("misp makes events of references between objects", () => {
  const filtered = readEvent({
    Object: [
      {
        name: "file",
        uuid: "A",
        Attribute: [attribute("md5", "00")],
        ObjectReference: [
          { referenced_uuid: "b", relationship_type: "drops", timestamp: "1600000003" },
          { referenced_uuid: "c", relationship_type: "drops" },
          { referenced_uuid: "b", relationship_type: "drops", deleted: true },
        ],
      },
      {
        name: "domain-ip",
        uuid: "B",
        // A proposed replacement has the UUID of the attribute that it would replace.
        Attribute: [attribute("domain", "example.com", {
          uuid: "D",
          ShadowAttribute: [attribute("domain", "example.net", { uuid: "D" })],
        })],
        ObjectReference: [{ referenced_uuid: "d", relationship_type: "holds" }],
      },
    ],
  });
  const domainIp = { domain_ip: [{ domain: ["example.com"] }] };
  deepEqual(dataOf(filtered, "misp_reference"), [
    toJson({
      source: [{ file: [{ md5: ["00"] }] }],
      relationship_type: ["drops"],
      target: [domainIp],
    }),
    toJson({
      source: [domainIp],
      relationship_type: ["holds"],
      target: [{ domain: ["example.com"] }],
    }),
  ]);
  deepEqual(filtered.skipped, {
    "reference to what is not in the event": 1,
    "deleted reference": 1,
  });
});

Deno.test("misp makes an event of each sighting, different for each type", () => {
  const Sighting = ["0", "1", "2", "3"].map((type) => ({ type, date_sighting: "1600000009" }));
  Sighting.push({ type: "0", date_sighting: "1600000010", source: "sensor" } as never);
  const filtered = readEvent({
    Attribute: [attribute("domain", "example.com", { to_ids: true, Sighting })],
  });
  const sightings = filtered.events.filter(({ sub_type }) => sub_type === "sighting");
  deepEqual(
    sightings.map(({ data, category, timestamp }) => [
      data["sighting_type"]?.[0] ?? data["source"]?.[0] ?? "",
      category,
      timestamp,
    ]),
    [
      ["", "malicious", 1600000009],
      ["false_positive", "benign", 1600000009],
      ["expiration", "unknown", 1600000009],
      ["true_positive", "malicious", 1600000009],
      ["sensor", "malicious", 1600000010],
    ],
  );
  deepEqual(subTypesOf(filtered, sightings[1]?._ben_ref ?? []), ["domain"]);
});

Deno.test("misp makes separate events of proposals, without a context", () => {
  const ShadowAttribute = [
    attribute("domain", "example.net", { to_ids: true }),
    attribute("domain", "example.com", { proposal_to_delete: true }),
  ];
  const filtered = readEvent({
    Attribute: [attribute("domain", "example.com", { ShadowAttribute })],
    ShadowAttribute: [attribute("ip-src", "192.0.2.1")],
  });
  deepEqual(dataOf(filtered, "misp_proposal"), [
    '{"domain":["example.net"]}',
    '{"src":[{"ipv4":["192.0.2.1"]}]}',
  ]);
  for (const { category, _mal_ref } of filtered.events) {
    deepEqual([category, _mal_ref], ["unknown", []]);
  }
  deepEqual(filtered.skipped, { "proposal to delete": 1 });
});

Deno.test("misp puts the event of a MISP event into the sessions of related MISP events", () => {
  const filtered = readEvent({
    RelatedEvent: [{ Event: { uuid: OTHER.toUpperCase(), info: "Other" } }],
    Attribute: [attribute("md5", "00")],
  });
  const sessions = sessionsOf(filtered).map((session) => [
    String(session.data["uuid"]?.[0]),
    subTypesOf(filtered, session._ref),
  ]);
  deepEqual(sessions.sort(), [
    [UUID, ["misp_attribute", "misp_event", "uuid"]],
    [OTHER, ["misp_event", "uuid"]],
  ]);
});

Deno.test("misp lets a report find everything in a MISP event from one of its attributes", async () => {
  const { instances } = readEvent({
    Attribute: [attribute("domain", "example.com"), attribute("ip-dst", "192.0.2.1")],
    Object: [{ name: "file", Attribute: [attribute("md5", "00")] }],
  });
  const sqlite = openSqlite(":memory:");
  try {
    const where = { db: "tahoe_db", coll: "instance" };
    await new SqliteInstances(sqlite, where).put(instances);
    const { data } = await related(
      new SqliteGraph(sqlite, where),
      { attributes: [{ subType: "domain", data: "example.com" }], context: "all" },
      {
        filter: { orgids: ["org"], start: -Infinity, end: Infinity, category: "all" },
        returnType: "all",
        level: 2,
        page: 1,
        summary: true,
        summaryGraph: false,
      },
    );
    const expected = {
      domain: "example.com",
      ipv4: "192.0.2.1",
      md5: "00",
      uuid: UUID,
      info: "Test",
    };
    deepEqual(
      Object.entries(data as object).map(([subType, values]) => [subType, String(values)]).sort(),
      Object.entries(expected).sort(),
    );
  } finally {
    await sqlite.close();
  }
});

Deno.test("misp stores galaxy clusters under the types of their galaxies", () => {
  const Galaxy = [{
    type: "threat-actor",
    GalaxyCluster: [{ type: "threat-actor", value: "Example Bear" }, { value: "Example Cat" }, {}],
  }];
  deepEqual(dataOf(readEvent({ Galaxy }), "misp_event"), [
    toJson({ uuid: [UUID], info: ["Test"], threat_actor: ["Example Bear", "Example Cat"] }),
  ]);
});

Deno.test("misp counts what it skips", () => {
  const filtered = readEvent({
    Attribute: [
      attribute("md5", "00", { deleted: true }),
      attribute("md5", " "),
      { value: "x" },
      attribute("malware-sample", "a.exe|00", { data: "UEsDBA==" }),
      attribute("ip-dst", "not an address"),
      attribute("text", "\ud800"),
      { type: "text", value: { a: 1 } },
    ],
    Object: [
      { name: "file", deleted: "1", Attribute: [] },
      { name: "file", Attribute: [attribute("md5", "00", { deleted: true })] },
      { Attribute: [attribute("md5", "00")] },
    ],
    EventReport: [{ name: "Report", content: "…" }],
  });
  deepEqual(filtered.skipped, {
    "deleted attribute": 2,
    "attribute without a type or value": 4,
    "file within an attribute": 1,
    "value that does not fit its type, kept under the type's name": 1,
    "deleted object": 1,
    "object without attributes": 1,
    "object without a name": 1,
    EventReport: 1,
  });
  deepEqual(dataOf(filtered, "misp_attribute"), [
    '{"file":[{"filename":["a.exe"],"md5":["00"]}]}',
    '{"ip_dst":["not an address"]}',
  ]);
});

const EVENT = { uuid: UUID, info: "Test", Attribute: [attribute("domain", "example.com")] };
const FOUND = { ...attribute("domain", "example.com"), Event: { uuid: UUID, info: "Test" } };
const OBJECT = { name: "domain-ip", Attribute: [attribute("domain", "example.com")] };

for (
  const [name, text, events, sessions] of [
    ["an event", toJson({ Event: EVENT }), 2, 1],
    ["an event without its wrapper", toJson(EVENT), 2, 1],
    ["an array of events", toJson([{ Event: EVENT }, { Event: { info: "Other" } }]), 3, 1],
    ["a search's events", toJson({ response: [{ Event: EVENT }] }), 2, 1],
    ["a search's attributes", toJson({ response: { Attribute: [FOUND, FOUND] } }), 1, 1],
    ["a search's objects", toJson({ response: [{ Object: OBJECT }] }), 1, 0],
    ["an attribute", toJson({ Attribute: attribute("md5", "00") }), 1, 0],
    ["JSON lines", `${toJson({ Event: EVENT })}\n\n${toJson(EVENT)}\n`, 2, 1],
    ["JSON that the Raw keeps as text", toJson({ data: toJson({ Event: EVENT }) }), 2, 1],
  ] as const
) {
  Deno.test(`misp reads ${name}`, () => {
    const filtered = readText(text);
    deepEqual([filtered.events.length, sessionsOf(filtered).length], [events, sessions]);
    deepEqual(filtered.rejected, []);
  });
}

Deno.test("misp keeps the numbers of records that it rejects, and reads the others", () => {
  const { events, rejected } = read([{ Event: EVENT }, { other: 1 }, 5, { Event: {} }]);
  equal(events.length, 2);
  deepEqual(rejected.map(({ record }) => record), [2, 3, 4]);
});

for (
  const text of [
    "no MISP",
    "{}",
    "[]",
    "5",
    '{"Event": {}}',
    '{"response": []}',
    '{"Event": [{"Attribute": "x"}]}',
    toJson({ Attribute: [attribute("md5", "00", { deleted: true })] }),
  ]
) {
  Deno.test(`misp rejects ${text.slice(0, 40)}`, () => {
    throws(() => readText(text), { code: "EVENTS_INVALID" });
  });
}

Deno.test("misp makes valid instances, each once and children first", () => {
  const filtered = readEvent({
    Attribute: ["ip-src", "ip-dst"].map((type) => attribute(type, "192.0.2.1", { to_ids: true })),
    Object: [{ ...OBJECT, name: "query" }, { ...OBJECT, name: "cybexp-user" }],
  });
  const there = new Set<string>();
  for (const instance of filtered.instances) {
    equal(instance._hash, computeHash(instance));
    ok(!there.has(instance._hash));
    there.add(instance._hash);
    if ("_cref" in instance) instance._cref.forEach((hash) => ok(there.has(hash)));
  }
  filtered.refs.forEach((hash) => ok(there.has(hash)));
});

Deno.test("misp makes the same instances in any order of the attributes", () => {
  const attributes = [
    attribute("ip-src", "192.0.2.1", { to_ids: true, uuid: "a" }),
    attribute("ip-src", "192.0.2.1"),
    attribute("filename|md5", "a.exe|00"),
    attribute("md5", "00"),
    attribute("md5", "00", { to_ids: true }),
  ];
  const summary = (Attribute: unknown) =>
    readEvent({ Attribute, Object: [{ name: "all", Attribute }] }).instances
      .map((one) => toJson([one._hash, "_mal_ref" in one ? [...one._mal_ref].sort() : []])).sort();
  const expected = summary(attributes);
  const orders = fc.shuffledSubarray(attributes, { minLength: attributes.length });
  fc.assert(fc.property(orders, (attributes) => deepEqual(summary(attributes), expected)));
});

Deno.test("misp throws only Rejected for any data", () => {
  const keys = ["Event", "Attribute", "Object", "response", "type", "value", "Tag", "name", "data"]
    .concat(["Sighting", "Galaxy", "GalaxyCluster", "uuid", "info", "timestamp", "RelatedEvent"]);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom("ip-dst", "a|b", "1", 1, 0.5, null, true, "\ud800", "__proto__"),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...keys), tie("tree")),
    ),
  }));
  fc.assert(
    fc.property(tree, (document) => {
      try {
        MISP_FILTER.read(parseJson(JSON.stringify(document)), SOURCE);
      } catch (error) {
        ok(error instanceof Rejected, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("misp reads 50,000 attributes, tags and members of an object in linear time", () => {
  const Attribute = Array.from({ length: 50_000 }, (_, at) => attribute("text", `${at}`));
  const Tag = Attribute.map(({ value }) => ({ name: value }));
  const start = performance.now();
  const filtered = readEvent({ Attribute, Tag, Object: [{ name: "all", Attribute }] });
  const milliseconds = performance.now() - start;
  ok(milliseconds < 30_000, String(milliseconds));
  equal(filtered.events.length, 50_002);
  deepEqual(filtered.skipped, { "part beyond 2000 of one thing": 50_000 - 2000 + 50_002 - 2000 });
});

Deno.test("misp reads every Event, Attribute and Object that a file has under the same key", () => {
  const event = (uuid: string, members: string) =>
    `"Event": {"uuid": "${uuid}", "info": "x"${members}}`;
  const list = (value: string) => `, "Attribute": [${JSON.stringify(attribute("domain", value))}]`;
  const one = `, "Attribute": ${JSON.stringify(attribute("domain", "c.example"))}`;
  const text = `{${event(UUID, list("a.example") + list("b.example") + one)},\n` +
    `${event(OTHER, list("d.example"))}}`;
  const { events } = readText(text);
  deepEqual(events.flatMap(({ data }) => data["domain"] ?? []).sort(), [
    "a.example",
    "b.example",
    "c.example",
    "d.example",
  ]);
  deepEqual(events.flatMap(({ data }) => data["uuid"] ?? []).sort(), [UUID, OTHER]);
});
