import assert from "node:assert/strict";
import { parseJson } from "../../lib/tahoe/json.ts";
import { sighting } from "../../lib/typetags/sighting.ts";

const sent = { orgid: "org", timestamp: 1700000000.25 };

function read(json: string) {
  return sighting.read(parseJson(json), sent);
}

/** Times and data of the events. */
function seen(json: string) {
  return read(json).events.map(({ timestamp, data }) => [timestamp, { ...data }]);
}

Deno.test("sighting makes an event of each thing seen", () => {
  assert.deepEqual(seen('{"ipv4": "192.0.2.1", "port": 22, "timestamp": 5.5}'), [
    [5.5, { ipv4: ["192.0.2.1"] }],
    [5.5, { port: [22n] }],
  ]);
  const { events: [event], refs } = read('{"ipv4": "192.0.2.1"}');
  assert.equal(event!.category, "unknown");
  assert.equal(event!.orgid, "org");
  assert.deepEqual(refs, [...event!._ref, event!._hash]);
});

Deno.test("sighting takes numbers and booleans for times, the upload's where none is given", () => {
  const times = [["5", 5], ["1e3", 1000], ["true", 1], ["-0.5", -0.5]] as const;
  for (const [text, timestamp] of times) {
    assert.deepEqual(seen(`{"a": 1, "timestamp": ${text}}`), [[timestamp, { a: [1n] }]]);
  }
  assert.deepEqual(seen('{"a": 1}'), [[sent.timestamp, { a: [1n] }]]);
  for (const text of ["null", '"5"', "[5]", "{}"]) {
    assert.throws(() => read(`{"a": 1, "timestamp": ${text}}`), {
      code: "EVENTS_REJECTED",
      message: "timestamp is not a number of seconds",
    });
  }
});

Deno.test("sighting keeps nothing of a record that it cannot read whole", () => {
  const { events, rejected, instances } = read('[{"a": 1}, {"b": 2, "c": []}, 5, {"d": 4}]');
  assert.deepEqual(events.map(({ data }) => Object.keys(data)), [["a"], ["d"]]);
  assert.equal(instances.length, 4);
  assert.deepEqual(rejected, [
    { record: 2, reason: "c is neither text, number, boolean nor null" },
    { record: 3, reason: "The record is no JSON object" },
  ]);
});

Deno.test("sighting shows no more than the beginning of a name that is no sub-type", () => {
  assert.throws(() => read(`{"${"-".repeat(1000)}": 1}`), {
    code: "EVENTS_REJECTED",
    message: /^"-{40}…" /,
  });
});

Deno.test("sighting tells data in which nothing was seen from data that it cannot read", () => {
  for (const json of ["{}", '{"timestamp": "x"}', "[]"]) {
    assert.throws(() => read(json), { code: "EVENTS_INVALID" }, json);
  }
  for (const json of ["5", "null", '"text"', "[5]", "[{}, {}]"]) {
    assert.throws(() => read(json), { code: "EVENTS_REJECTED" }, json);
  }
});
