import { deepEqual, equal, throws } from "../assert.ts";
import type { DataBySubType } from "../../lib/tahoe/instance.ts";
import type { FilterResult } from "../../lib/typetags/filter.ts";
import {
  CREATED,
  CREATED_SECONDS,
  markedIn,
  onlyEvent,
  readObjects,
  readText,
  SOURCE,
  stixId,
  type StixObject,
} from "./stix/read_stix.ts";

const INDICATOR = {
  type: "indicator",
  id: stixId("indicator"),
  created: "2024-02-01T00:00:00Z",
  valid_from: CREATED,
  name: "Loader",
  pattern: "[file:hashes.MD5 = 'D41D8CD98F00B204E9800998ECF8427E' AND file:name = 'a.exe'" +
    " AND file:size = 5]",
  indicator_types: ["malicious-activity"],
};
const MALWARE = {
  type: "malware",
  id: stixId("malware"),
  created: CREATED,
  name: "Nightjar",
  aliases: ["Nightjar", "Dusk"],
  external_references: [
    { source_name: "mitre-attack", external_id: "S9999", url: "https://example.com/S9999" },
    { source_name: "example", external_id: "17" },
    { source_name: "A report", url: "https://example.com/report" },
  ],
};
const ADDRESS = { type: "ipv4-addr", id: stixId("ipv4-addr"), value: "192.0.2.1" };
const OBSERVED = {
  type: "observed-data",
  id: stixId("observed-data"),
  first_observed: CREATED,
  last_observed: "2024-03-02T00:00:00Z",
  number_observed: 3,
  object_refs: [ADDRESS.id],
};

Deno.test("stix reads the envelope of a TAXII server as the bundle of its objects", () => {
  const objects = [INDICATOR, MALWARE, OBSERVED, ADDRESS];
  const hashes = ({ instances }: FilterResult) => instances.map(({ _hash }) => _hash);
  const bundle = hashes(readObjects(...objects));
  const envelopes: readonly object[] = [
    { more: false, objects },
    { more: true, next: "2", objects },
    { objects },
  ];
  for (const envelope of envelopes) {
    const text = JSON.stringify(envelope);
    deepEqual(hashes(readText(text)), bundle);
    deepEqual(hashes(readText(JSON.stringify({ data: text }))), bundle);
  }
  const pages = objects.map((object) => ({ more: true, objects: [object] }));
  deepEqual(hashes(readText(JSON.stringify(pages))), bundle);
  const lines = pages.map((page) => JSON.stringify(page)).join("\n");
  deepEqual(hashes(readText(JSON.stringify({ data: lines }))), bundle);
  const none = { code: "EVENTS_INVALID", message: /: it is empty$/ };
  for (const text of ['{"more": false}', '{"objects": []}']) throws(() => readText(text), none);
});

Deno.test("stix reads bundles and objects in the answers of other servers", () => {
  const objects = [INDICATOR, MALWARE, OBSERVED, ADDRESS];
  const hashes = ({ instances }: FilterResult) => instances.map(({ _hash }) => _hash);
  const bundle = { type: "bundle", id: stixId("bundle"), objects };
  for (
    const answer of [{ data: objects }, { bundle }, { results: [bundle], count: 1 }, {
      data: { more: false, objects },
    }]
  ) deepEqual(hashes(readText(JSON.stringify(answer))), hashes(readObjects(...objects)));
  throws(() => readText('{"data": [{"name": "x"}]}'), { code: "EVENTS_INVALID" });
});

Deno.test("stix makes an event of an indicator, in the context that its types name", () => {
  const result = readObjects(INDICATOR);
  const event = onlyEvent(result, "indicator");
  equal(event.timestamp, CREATED_SECONDS);
  equal(event.orgid, SOURCE.orgid);
  equal(event.category, "malicious");
  deepEqual(markedIn(result, event._mal_ref), [
    "filename=a.exe",
    "md5=d41d8cd98f00b204e9800998ecf8427e",
    "object file",
  ]);
  deepEqual(toPlain(event.data), {
    stix_id: [INDICATOR.id],
    name: ["Loader"],
    file: [{
      filename: ["a.exe"],
      size_in_bytes: [5],
      md5: ["d41d8cd98f00b204e9800998ecf8427e"],
    }],
  });
  deepEqual(result.skipped, {});
});

Deno.test("stix reads the context of an indicator of every STIX version", () => {
  const cases: readonly (readonly [Partial<StixObject>, string])[] = [
    [{ indicator_types: ["benign"] }, "benign"],
    [{ indicator_types: ["compromised"] }, "malicious"],
    [{ indicator_types: ["anomalous-activity", "benign"] }, "malicious"],
    [{ indicator_types: ["unknown"] }, "unknown"],
    [{ labels: ["malicious-activity"] }, "malicious"],
    [{ labels: ['misp:to_ids="True"'] }, "malicious"],
    [{ labels: "benign" }, "benign"],
    [{}, "unknown"],
  ];
  for (const [types, category] of cases) {
    const { indicator_types: _, ...plain } = INDICATOR;
    const event = onlyEvent(readObjects({ ...plain, ...types }), "indicator");
    equal(event.category, category);
    deepEqual(
      [event._mal_ref.length, event._ben_ref.length],
      {
        malicious: [3, 0],
        benign: [0, 3],
        unknown: [0, 0],
      }[category],
    );
  }
});

Deno.test("stix makes the same of a pattern and of the observables that it looks for", () => {
  const traffic = { type: "network-traffic", id: stixId("network-traffic"), protocols: ["tcp"] };
  const domain = { type: "domain-name", id: stixId("domain-name"), value: "example.com" };
  const cases: readonly (readonly [string, readonly StixObject[]])[] = [
    ["ipv4-addr:value = '192.0.2.1'", [ADDRESS]],
    ["ipv4-addr:value = '192.0.2.1/32'", [ADDRESS]],
    ["ipv4-addr:value = '192.0.2.0/24'", [{ ...ADDRESS, value: "192.0.2.0/24" }]],
    ["file:hashes.'SHA-1' = 'AB' AND file:name = 'a'", [
      { type: "file", id: stixId("file"), name: "a", hashes: { "SHA1": "ab" } },
    ]],
    [
      "network-traffic:protocols[*] = 'tcp' AND network-traffic:dst_ref.type = 'ipv4-addr'" +
      " AND network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443",
      [{ ...traffic, dst_ref: ADDRESS.id, dst_port: 443 }, ADDRESS],
    ],
    [
      "domain-name:value = 'Example.com' AND domain-name:resolves_to_refs[*].value = '192.0.2.1'",
      [{ ...domain, resolves_to_refs: [ADDRESS.id] }, ADDRESS],
    ],
    [
      "email-message:from_ref.value = 'a@example.com' AND email-message:subject = 'Hello' AND" +
      " email-message:to_refs[0].value = 'b@example.com' AND" +
      " email-message:to_refs[1].value = 'c@example.com'",
      [
        {
          type: "email-message",
          id: stixId("email-message"),
          subject: "Hello",
          from_ref: stixId("email-addr", 1),
          to_refs: [stixId("email-addr", 2), stixId("email-addr", 3)],
        },
        ...["a", "b", "c"].map((name, index) => ({
          type: "email-addr",
          id: stixId("email-addr", index + 1),
          value: `${name}@example.com`,
        })),
      ],
    ],
    [
      String
        .raw`windows-registry-key:key = 'HKLM\\A' AND windows-registry-key:values[*].data = '1'`,
      [{
        type: "windows-registry-key",
        id: stixId("windows-registry-key"),
        key: "HKLM\\A",
        values: [{ data: "1" }],
      }],
    ],
  ];
  for (const [pattern, objects] of cases) {
    const sought = onlyEvent(
      readObjects({ type: "indicator", pattern: `[${pattern}]` }),
      "indicator",
    );
    const data = { ...OBSERVED, object_refs: [objects[0]!["id"]] };
    const found = onlyEvent(readObjects(data, ...objects), "observed_data");
    const { stix_id: _, ...observed } = found.data;
    deepEqual(toPlain(sought.data), toPlain(observed), pattern);
  }
});

Deno.test("stix keeps an indicator whose pattern it does not support, and counts the reason", () => {
  const cases: readonly (readonly [Partial<StixObject>, string])[] = [
    [{ pattern: "[url:value LIKE '%a']" }, "pattern: LIKE"],
    [{ pattern: "[url:value = 'a'" }, "pattern: not a pattern"],
    [{ pattern: "[url:value = 'a' AND file:name = 'b']" }, "pattern: AND of several types"],
    [{ pattern: "[url:value = 'a' AND url:value = 'b']" }, "pattern: contradiction"],
    [{ pattern: "rule a {}", pattern_type: "yara" }, "pattern of type yara"],
    [{ pattern: "", pattern_type: "<b>" }, "pattern of type (no name)"],
    [{ pattern: ["[a:b = 'c']"] }, "indicator without a pattern"],
    [{ pattern: "[x-thing:value = 'a']" }, "x-thing where an observable should be"],
    [{ pattern: "[file:atime = 'a']" }, "file with nothing that is read"],
  ];
  for (const [pattern, reason] of cases) {
    const { events, skipped } = readObjects({ ...INDICATOR, ...pattern });
    deepEqual(toPlain(events[0]!.data), { stix_id: [INDICATOR.id], name: ["Loader"] });
    equal(skipped[reason], 1, reason);
  }
});

Deno.test("stix makes an event of observed data, referred to or embedded, at the time of first_observed", () => {
  const inside = {
    ...OBSERVED,
    object_refs: undefined,
    objects: {
      0: { type: "ipv4-addr", value: "192.0.2.1" },
      1: { type: "domain-name", value: "example.com", resolves_to_refs: ["0"] },
    },
  };
  const domain = {
    type: "domain-name",
    id: stixId("domain-name"),
    value: "example.com",
    resolves_to_refs: [ADDRESS.id],
  };
  const referred = { ...OBSERVED, object_refs: [ADDRESS.id, domain.id] };
  const [old, recent] = [readObjects(inside), readObjects(referred, domain, ADDRESS)];
  equal(onlyEvent(old, "observed_data").timestamp, CREATED_SECONDS);
  deepEqual(hashes(old), hashes(recent));
  equal(old.events.length, 1);
});

Deno.test("stix makes an event of an observable that no other event contains, at its time or the upload's", () => {
  const alone = onlyEvent(readObjects(ADDRESS), "observable");
  equal(alone.timestamp, SOURCE.timestamp);
  deepEqual(toPlain(alone.data), { stix_id: [ADDRESS.id], ipv4: ["192.0.2.1"] });
  const process = { type: "process", id: stixId("process"), pid: 7, created_time: CREATED };
  equal(onlyEvent(readObjects(process), "observable").timestamp, CREATED_SECONDS);
});

Deno.test("stix makes an event of every observable in a ring of references", () => {
  const ring = [1, 2, 3].map((number) => ({
    type: "process",
    id: stixId("process", number),
    pid: number,
    parent_ref: stixId("process", number % 3 + 1),
  }));
  deepEqual(
    readObjects(...ring).events.map(({ data }) => JSON.stringify(data["process"], plainValue))
      .sort(),
    [
      '[{"pid":[1],"parent":[{"pid":[2]}]}]',
      '[{"pid":[2],"parent":[{"pid":[3]}]}]',
      '[{"pid":[3],"parent":[{"pid":[1]}]}]',
    ],
  );
});

Deno.test("stix makes an event of a named object, with its other names and ids in catalogues", () => {
  const event = onlyEvent(readObjects(MALWARE), "malware");
  equal(event.timestamp, CREATED_SECONDS);
  equal(event.category, "unknown");
  deepEqual(toPlain(event.data), {
    stix_id: [MALWARE.id],
    attack_id: ["S9999"],
    external_id: ["example:17"],
    name: ["Nightjar", "Dusk"],
  });
  const flaw = { type: "vulnerability", name: "cve-2024-0001" };
  deepEqual(toPlain(onlyEvent(readObjects(flaw), "vulnerability").data), {
    name: ["cve-2024-0001"],
    cve: ["CVE-2024-0001"],
  });
});

Deno.test("stix keeps both ends of a relationship, with the attributes by which they are found", () => {
  const relationship = {
    type: "relationship",
    id: stixId("relationship"),
    created: CREATED,
    relationship_type: "indicates",
    source_ref: INDICATOR.id,
    target_ref: MALWARE.id,
  };
  const whole = readObjects(INDICATOR, MALWARE, relationship);
  const { data, timestamp } = onlyEvent(whole, "stix_relationship");
  equal(timestamp, CREATED_SECONDS);
  deepEqual(toPlain(data), {
    stix_id: [relationship.id],
    source: [{
      stix_id: [INDICATOR.id],
      name: ["Loader"],
      filename: ["a.exe"],
      md5: ["d41d8cd98f00b204e9800998ecf8427e"],
    }],
    target: [{
      stix_id: [MALWARE.id],
      attack_id: ["S9999"],
      external_id: ["example:17"],
      name: ["Nightjar"],
    }],
    relationship_type: ["indicates"],
  });
  deepEqual(whole.skipped, {});
  const alone = readObjects(relationship);
  deepEqual(alone.skipped, {
    "unresolved relationship.source_ref": 1,
    "unresolved relationship.target_ref": 1,
  });
  const ends = toPlain(onlyEvent(alone, "stix_relationship").data);
  deepEqual(ends["target"], [{ stix_id: [MALWARE.id] }]);
});

Deno.test("stix makes no other event of an observable with one value that a relationship contains", () => {
  const relationship = {
    type: "relationship",
    relationship_type: "communicates-with",
    source_ref: MALWARE.id,
    target_ref: ADDRESS.id,
  };
  const { events } = readObjects(MALWARE, ADDRESS, relationship);
  deepEqual(events.map(({ sub_type }) => sub_type).sort(), ["malware", "stix_relationship"]);
});

Deno.test("stix makes an event of an observable that only a relationship or sighting without an event names", () => {
  for (
    const object of [
      { type: "relationship", target_ref: ADDRESS.id },
      { type: "relationship", source_ref: ADDRESS.id, target_ref: 5 },
      { type: "sighting", where_sighted_refs: [ADDRESS.id] },
    ]
  ) {
    const { events } = readObjects(object, ADDRESS);
    deepEqual(events.map(({ sub_type }) => sub_type), ["observable"], JSON.stringify(object));
  }
});

Deno.test("stix makes an event of a sighting with what was sighted, in its context", () => {
  const sighting = {
    type: "sighting",
    id: stixId("sighting"),
    created: "2024-02-01T00:00:00Z",
    first_seen: CREATED,
    last_seen: "2024-03-02T00:00:00Z",
    count: 5,
    sighting_of_ref: INDICATOR.id,
    observed_data_refs: [OBSERVED.id],
    where_sighted_refs: [stixId("identity")],
  };
  const identity = { type: "identity", id: stixId("identity"), name: "A member" };
  const result = readObjects(sighting, INDICATOR, OBSERVED, ADDRESS, identity);
  const event = onlyEvent(result, "sighting");
  equal(event.timestamp, CREATED_SECONDS);
  equal(event.category, "malicious");
  deepEqual(markedIn(result, event._mal_ref), [
    "filename=a.exe",
    "md5=d41d8cd98f00b204e9800998ecf8427e",
    "object file",
  ]);
  deepEqual(event.data["ipv4"], ["192.0.2.1"]);
  deepEqual(event.data["stix_id"], [sighting.id, INDICATOR.id]);
  deepEqual(toPlain(event.data)["where_sighted"], [{ stix_id: [identity.id], name: ["A member"] }]);
  const { first_seen: _, ...late } = sighting;
  equal(
    onlyEvent(readObjects(late, MALWARE), "sighting").timestamp,
    Date.parse("2024-03-02T00:00:00Z") / 1000,
  );
});

Deno.test("stix makes a session of the objects of a report", () => {
  const report = {
    type: "report",
    id: stixId("report"),
    published: CREATED,
    name: "Nightjar at work",
    object_refs: [MALWARE.id, OBSERVED.id, stixId("tool")],
  };
  const result = readObjects(report, MALWARE, OBSERVED, ADDRESS, INDICATOR);
  const session = result.instances.find(({ itype }) => itype === "session");
  const inside = ["malware", "observed_data", "report"];
  const events = inside.map((subType) => onlyEvent(result, subType)._hash);
  equal(session?.sub_type, "report");
  deepEqual(
    result.events.filter(({ _hash }) =>
      session?.itype === "session" && session._ref.includes(_hash)
    )
      .map(({ _hash }) => _hash).sort(),
    events.sort(),
  );
  deepEqual(result.skipped, { "unresolved report.object_refs": 1 });
});

Deno.test("stix counts by name what it skips", () => {
  const { skipped, events } = readObjects(
    MALWARE,
    { ...MALWARE, id: stixId("malware", 2), revoked: true },
    { type: "marking-definition", id: stixId("marking-definition") },
    { type: "x-mitre-matrix" },
    { type: "x-mitre-matrix", name: "Another" },
    { type: "\u001b[31m" },
    { type: "relationship", source_ref: MALWARE.id },
    { type: "observed-data", object_refs: [MALWARE.id] },
    { type: "sighting" },
    { type: "tool" },
    { ...ADDRESS, value: 5 },
    {
      type: "file",
      name: "a",
      size: "many",
      hashes: { MD5: "ab", WHIRLPOOL: "cd" },
      x_note: 1,
      extensions: { "pdf-ext": {} },
    },
  );
  equal(events.length, 2);
  deepEqual(skipped, {
    "revoked malware": 1,
    "marking-definition": 1,
    "x-mitre-matrix": 2,
    "(no name)": 1,
    "relationship without two ends": 1,
    "observed-data with nothing that is read": 1,
    "sighting of nothing that is read": 1,
    "tool with nothing that is read": 1,
    "malformed ipv4-addr.value": 1,
    "ipv4-addr with nothing that is read": 1,
    "malformed file.size": 1,
    "file.hashes.WHIRLPOOL": 1,
    "file.x_note": 1,
    "file.extensions.pdf-ext": 1,
  });
});

Deno.test("stix reads the latest of several versions", () => {
  const [first, second] = ["2024-03-01T00:00:00Z", "2024-03-01T00:00:00.5Z"].map((modified) => ({
    ...MALWARE,
    modified,
    name: modified,
    aliases: [],
  }));
  const { events, skipped } = readObjects(second!, first!, first!);
  deepEqual(events.map(({ data }) => data["name"]), [["2024-03-01T00:00:00.5Z"]]);
  deepEqual(skipped, { "older malware": 1 });
});

Deno.test("stix reads every version of an observable", () => {
  const [one, other] = ["MD5", "SHA-1"].map((algorithm) => ({
    type: "file",
    id: stixId("file"),
    hashes: { [algorithm]: "ab" },
  }));
  equal(readObjects(one!, other!, one!).events.length, 2);
});

Deno.test("stix uses the next time if one is malformed, and the upload's if there is none", () => {
  const { events, skipped } = readObjects({ ...MALWARE, first_seen: "yesterday" });
  equal(events[0]!.timestamp, CREATED_SECONDS);
  deepEqual(skipped, { "malformed malware.first_seen": 1 });
  equal(readObjects({ type: "tool", name: "a" }).events[0]!.timestamp, SOURCE.timestamp);
});

Deno.test("stix reads a bundle, an object, an array and JSON lines in the same way", () => {
  const expected = hashes(readObjects(MALWARE, OBSERVED, ADDRESS));
  const objects = [MALWARE, OBSERVED, ADDRESS];
  const lines = objects.map((object) => JSON.stringify(object));
  const bundle = { type: "bundle", objects };
  const texts = [
    JSON.stringify(objects),
    JSON.stringify([{ type: "bundle", objects: [MALWARE, ADDRESS] }, OBSERVED]),
    JSON.stringify({ data: JSON.stringify(bundle) }),
    JSON.stringify({ data: JSON.stringify(objects) }),
    JSON.stringify({ data: `${lines.join("\n\n")}\r\n` }),
  ];
  for (const text of texts) deepEqual(hashes(readText(text)), expected, text);
  equal(readText(lines[0]!).events.length, 1);
});

Deno.test("stix keeps the numbers of lines that it cannot read", () => {
  const lines = [JSON.stringify(MALWARE), "{", JSON.stringify({ name: "a" })];
  const { events, rejected } = readText(JSON.stringify({ data: lines.join("\n") }));
  equal(events.length, 1);
  deepEqual(rejected.map(({ record }) => record), [2, 3]);
});

Deno.test("stix rejects data that is not STIX or does not become any event", () => {
  const texts = ["{}", "[]", "[1]", "5", '"text"', '{"data": "plain text"}', '{"type": 5}'];
  const more = ['{"type": "bundle"}', '{"type": "bundle", "objects": [1]}'];
  for (const text of [...texts, ...more, '{"type": "x-mitre-matrix"}']) {
    throws(() => readText(text), { name: "Rejected", code: "EVENTS_INVALID" }, text);
  }
  throws(() => readText('{"type": "x-mitre-matrix"}'), {
    message: "Nothing in the STIX data becomes an event: 1 x-mitre-matrix",
  });
});

Deno.test("stix rejects a bundle whose events would be far larger than the bundle", () => {
  const name = "n".repeat(500_000);
  const uses = { type: "relationship", source_ref: MALWARE.id, target_ref: MALWARE.id };
  const objects = Array.from({ length: 300 }, (_, n) => ({ ...uses, relationship_type: `${n}` }));
  throws(() => readObjects({ ...MALWARE, name }, ...objects), {
    name: "Rejected",
    code: "EVENTS_REJECTED",
  });
});

function hashes({ instances }: ReturnType<typeof readText>): readonly string[] {
  return instances.map(({ _hash }) => _hash).sort();
}

/** A copy with ordinary prototypes, and with whole numbers as JSON has them. */
function toPlain(groups: DataBySubType): { readonly [subType: string]: unknown } {
  return JSON.parse(JSON.stringify(groups, plainValue));
}

function plainValue(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
