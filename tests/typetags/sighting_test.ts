import { deepEqual, equal, throws } from "../assert.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import { SIGHTING_FILTER } from "../../lib/typetags/sighting.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };

function read(json: string) {
  return SIGHTING_FILTER.read(parseJson(json), SOURCE);
}

/** Times and data of the events. */
function eventsIn(json: string) {
  return read(json).events.map(({ timestamp, data }) => [timestamp, { ...data }]);
}

Deno.test("sighting makes an event for each attribute", () => {
  deepEqual(eventsIn('{"ipv4": "192.0.2.1", "port": 22, "timestamp": 5.5}'), [
    [5.5, { ipv4: ["192.0.2.1"] }],
    [5.5, { port: [22n] }],
  ]);
  const { events: [event], refs } = read('{"ipv4": "192.0.2.1"}');
  equal(event!.category, "unknown");
  equal(event!.orgid, "org");
  deepEqual(refs, [...event!._ref, event!._hash]);
});

Deno.test("sighting takes numbers and booleans as times, and the upload's time if there is none", () => {
  const times = [["5", 5], ["1e3", 1000], ["true", 1], ["-0.5", -0.5]] as const;
  for (const [text, timestamp] of times) {
    deepEqual(eventsIn(`{"a": 1, "timestamp": ${text}}`), [[timestamp, { a: [1n] }]]);
  }
  deepEqual(eventsIn('{"a": 1}'), [[SOURCE.timestamp, { a: [1n] }]]);
  for (const text of ["null", '"5"', "[5]", "{}"]) {
    throws(() => read(`{"a": 1, "timestamp": ${text}}`), {
      code: "EVENTS_REJECTED",
      message: "timestamp is not a number of seconds",
    });
  }
});

Deno.test("sighting keeps nothing of a record that it cannot read completely", () => {
  const { events, rejected, instances } = read('[{"a": 1}, {"b": 2, "c": []}, 5, {"d": 4}]');
  deepEqual(events.map(({ data }) => Object.keys(data)), [["a"], ["d"]]);
  equal(instances.length, 4);
  deepEqual(rejected, [
    { record: 2, reason: "c is not a string, number, boolean or null" },
    { record: 3, reason: "The record is not a JSON object" },
  ]);
});

Deno.test("sighting quotes only the beginning of a name that cannot be a sub-type", () => {
  throws(() => read(`{"${"-".repeat(1000)}": 1}`), {
    code: "EVENTS_REJECTED",
    message: /^"-{40}…" /,
  });
});

Deno.test("sighting distinguishes data without sightings from data that it cannot read", () => {
  for (const json of ["{}", '{"timestamp": "x"}', "[]"]) {
    throws(() => read(json), { code: "EVENTS_INVALID" }, json);
  }
  for (const json of ["5", "null", '"text"', "[5]", "[{}, {}]"]) {
    throws(() => read(json), { code: "EVENTS_REJECTED" }, json);
  }
});

Deno.test("sighting refuses times that are not seconds of a calendar", () => {
  for (const text of ["NaN", "Infinity", "-Infinity", "1e300", "1617000000000"]) {
    throws(() => read(`{"a": 1, "timestamp": ${text}}`), {
      code: "EVENTS_REJECTED",
      message: "timestamp is not a number of seconds up to the year 9999",
    });
  }
});

Deno.test("sighting takes no JSON that is damaged or cannot be stored for what was seen", () => {
  const texts = ['{"ipv4": "192.0.2.1", "times', `{"n": ${"9".repeat(30)}}`, '[{"a": 1'];
  for (const data of texts) {
    throws(() => SIGHTING_FILTER.read({ data }, SOURCE), {
      code: "EVENTS_REJECTED",
      message: /JSON/,
    });
  }
  deepEqual({ ...SIGHTING_FILTER.read({ data: "text" }, SOURCE).events[0]!.data }, {
    data: ["text"],
  });
});
