import { deepEqual, ok } from "../../assert.ts";
import fc from "fast-check";
import { mispTexts } from "../../typetags/misp/arbitrary_events.ts";
import { filterText, splitText, storedAfter } from "./split_result.ts";

const partBytes = fc.integer({ min: 1, max: 2000 });

Deno.test("splitUpload of MISP gives parts that make the events of the whole", async () => {
  await fc.assert(
    fc.asyncProperty(mispTexts, partBytes, async (text, partBytes) => {
      const { parts, refused } = await splitText(text, { typetag: "misp", partBytes });
      deepEqual(refused, []);
      const whole = filterText(text, "misp");
      const results = parts.map((part) => filterText(part, "misp"));
      deepEqual(storedAfter(results), storedAfter([whole]));
    }),
    { numRuns: 300 },
  );
});

const UUIDS = ["00000000-1", "00000000-2"];
const ATTRIBUTES = UUIDS.map((uuid, index) => ({
  type: "ip-src",
  value: `192.0.2.${index + 1}`,
  uuid,
}));
const FILLER = Array.from({ length: 20 }, (_, number) => ({ type: "text", value: `t${number}` }));

Deno.test("splitUpload of MISP follows references across the parts of an event", async () => {
  const reference = { referenced_uuid: UUIDS[1], relationship_type: "uses" };
  const object = { name: "file", uuid: "00000000-3", Attribute: [ATTRIBUTES[0]] };
  const Event = {
    Object: [{ ...object, ObjectReference: [reference] }],
    info: "large",
    uuid: "00000000-9",
    Attribute: [ATTRIBUTES[1], ...FILLER],
    EventReport: [{ content: "# report" }],
  };
  const text = JSON.stringify({ response: [{ Event }] });
  const { parts } = await splitText(text, { typetag: "misp", partBytes: 300 });
  ok(parts.length > 4, String(parts.length));
  const results = parts.map((part) => filterText(part, "misp")!);
  deepEqual(storedAfter(results), storedAfter([filterText(text, "misp")]));
  deepEqual(results.flatMap(({ skipped }) => Object.entries(skipped)), [["EventReport", 1]]);
});

Deno.test("splitUpload of MISP refuses a member by its UUID, and gives the others", async () => {
  const large = { ...ATTRIBUTES[0], data: "A".repeat(2000) };
  const text = JSON.stringify({ Event: { info: "i", Attribute: [large, ATTRIBUTES[1]] } });
  const limits = { typetag: "misp", partBytes: 300, maxBytes: 1000 };
  const { parts, refused } = await splitText(text, limits);
  deepEqual(refused, ["00000000-1: it has more than 900 bytes"]);
  const events = parts.flatMap((part) => filterText(part, "misp")!.events);
  deepEqual(events.map(({ sub_type }) => sub_type), ["misp_attribute", "misp_event"]);
});
