import { deepEqual, throws } from "../../assert.ts";
import { parsePlaintext } from "../../../lib/lake/parse.ts";
import type { FilterResult } from "../../../lib/typetags/filter.ts";
import { MISP_FILTER } from "../../../lib/typetags/misp.ts";

const SOURCE = { orgid: "org", timestamp: 1_700_000_000 };
const UUID = "5e9b5a3a-0000-4000-8000-000000000001";

function attribute(value: string, more: object = {}) {
  return { type: "ip-dst", value, to_ids: true, timestamp: "1603642920", ...more };
}

function misp(more: object) {
  return { Event: { uuid: UUID, info: "i", timestamp: "1603642920", ...more } };
}

/** Reads a text as the archive does. */
function readText(text: string): FilterResult {
  const { data } = parsePlaintext(text, { typetag: "misp", orgid: "org", timezone: "UTC" });
  return MISP_FILTER.read(data!, SOURCE);
}

function readJson(value: unknown): FilterResult {
  return readText(JSON.stringify(value));
}

function hashesIn({ instances }: FilterResult): readonly string[] {
  return instances.map(({ _hash }) => _hash).sort();
}

Deno.test("misp reads lists that PHP numbered as lists", () => {
  const [one, two] = [attribute("192.0.2.1"), attribute("192.0.2.2")];
  const listed = misp({ Attribute: [one, two] });
  const numbered = misp({ Attribute: { "0": one, "2": two } });
  for (const value of [numbered, { response: { "0": listed } }, { data: listed }]) {
    deepEqual(hashesIn(readJson(value)), hashesIn(readJson(listed)));
  }
});

Deno.test("misp counts what is no object in its lists", () => {
  const { skipped, events } = readJson(misp({ Attribute: [5, "x", null, attribute("192.0.2.1")] }));
  deepEqual(skipped, { "attribute or object that is not a JSON object": 3 });
  deepEqual(events.length, 2);
});

Deno.test("misp reads what is whole of a damaged event, and rejects the rest by number", () => {
  const text = JSON.stringify(
    misp({ Attribute: [attribute("192.0.2.1"), attribute("192.0.2.2")] }),
  );
  const { events, rejected } = readText(text.slice(0, text.indexOf(".2.2")));
  deepEqual(events.map(({ sub_type }) => sub_type).sort(), ["misp_attribute", "misp_event"]);
  deepEqual(rejected, [{ record: 2, reason: "Not JSON: unexpected end of the text" }]);
  deepEqual(hashesIn(readText(text.replace("]}}", ",]}}"))), hashesIn(readText(text)));
});

Deno.test("misp says what something is that is not an event", () => {
  const manifest = { [UUID]: { info: "i", date: "2020-10-25", Orgc: { name: "o" }, Tag: [] } };
  const cases: readonly (readonly [string, RegExp])[] = [
    [JSON.stringify(manifest), /^The manifest of a feed only names its events/],
    ['{"name": "x", "message": "Authentication failed", "url": "/"}', /^The answer of a server/],
    ["uuid,type,value\n", /^Not JSON, as which MISP exports events/],
    ['{"Event": {"uuid', /^Not JSON: unexpected end/],
    ['{"a": 1}', /^Not a MISP event/],
  ];
  for (const [text, message] of cases) {
    throws(() => readText(text), { code: "EVENTS_INVALID", message });
  }
  const { rejected } = readText(`${JSON.stringify(attribute("192.0.2.1"))}\n{bad\n`);
  deepEqual(rejected, [{ record: 2, reason: "Not JSON: unexpected character at position 1" }]);
});

Deno.test("misp reads the tags and clusters of an index of events", () => {
  const cluster = { type: "threat-actor", value: "Dusk" };
  const { Event } = misp({ EventTag: [{ Tag: { name: "tlp:green" } }], GalaxyCluster: [cluster] });
  const { data } = readJson([Event]).events[0]!;
  deepEqual([data["tag"], data["threat_actor"]], [["tlp:green"], ["Dusk"]]);
  const tagged = attribute("192.0.2.1", { AttributeTag: [{ Tag: { name: "tlp:red" } }] });
  deepEqual(readJson(tagged).events[0]!.data["tag"], ["tlp:red"]);
});

Deno.test("misp reads booleans and times as other programs write them", () => {
  for (const to_ids of ["true", "True", "1", 1, true]) {
    const { events } = readJson(attribute("192.0.2.1", { to_ids }));
    deepEqual(events[0]!.category, "malicious", String(to_ids));
  }
  const timestamp = "2020-10-25T18:22:00+02:00";
  deepEqual(readJson(attribute("192.0.2.1", { timestamp })).events[0]!.timestamp, 1603642920);
});
