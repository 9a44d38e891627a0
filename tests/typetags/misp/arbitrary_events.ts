import fc from "fast-check";

type Json = { readonly [name: string]: unknown };

/** So few UUIDs that most references find something, and several things have the same. */
const uuid = fc.integer({ min: 1, max: 9 }).map((number) => `00000000-${number}`);
const time = fc.integer({ min: 1, max: 3 }).map((second) => `160000000${second}`);
const value = fc.integer({ min: 1, max: 6 }).map((number) => `192.0.2.${number}`);

const sighting = fc.record({
  type: fc.constantFrom("0", "1", "3"),
  date_sighting: time,
  Organisation: fc.constantFrom({ name: "one" }, { name: "other" }),
});
const proposal = fc.record({ type: fc.constant("ip-dst"), value, timestamp: time });
const attribute: fc.Arbitrary<Json> = fc.record({
  type: fc.constantFrom("ip-src", "ip-dst", "text", "malware-sample"),
  value: value,
  uuid,
  to_ids: fc.boolean(),
}, { requiredKeys: ["type", "value"] }).chain((attribute) =>
  fc.record({
    timestamp: time,
    deleted: fc.boolean(),
    data: fc.constant("UEsDBA=="),
    Tag: fc.constant([{ name: "tlp:green", colour: "#fff" }]),
    Sighting: fc.array(sighting, { maxLength: 2 }),
    ShadowAttribute: fc.array(proposal, { maxLength: 2 }),
    Note: fc.constant([{ note: "n" }]),
  }, { requiredKeys: [] }).map((more) => ({ ...attribute, ...more }))
);
const reference = fc.record({
  referenced_uuid: uuid,
  relationship_type: fc.constantFrom("drops", "uses"),
  timestamp: time,
});
const object: fc.Arbitrary<Json> = fc.record({
  name: fc.constantFrom("file", "ip-port"),
  uuid,
  timestamp: time,
  Attribute: fc.array(attribute, { maxLength: 3 }),
  ObjectReference: fc.array(reference, { maxLength: 3 }),
}, { requiredKeys: ["name", "Attribute"] });

const event: fc.Arbitrary<Json> = fc.record({
  uuid,
  info: fc.constantFrom("a", "b"),
  date: fc.constant("2024-03-01"),
  timestamp: time,
  Orgc: fc.constant({ name: "CIRCL", id: "1" }),
  Tag: fc.constant([{ name: "tlp:red" }]),
  Galaxy: fc.constant([{
    type: "threat-actor",
    description: "long",
    GalaxyCluster: [{ type: "threat-actor", value: "Sofacy", meta: { country: "RU" } }],
  }]),
  RelatedEvent: fc.array(uuid.map((uuid) => ({ Event: { uuid, info: "related" } }))),
  extends_uuid: uuid,
  Attribute: fc.array(attribute, { maxLength: 8 }),
  Object: fc.array(object, { maxLength: 6 }),
  ShadowAttribute: fc.array(proposal, { maxLength: 2 }),
  EventReport: fc.constant([{ name: "report", content: "# text" }]),
}, { requiredKeys: ["info"] });

const events = fc.array(event, { minLength: 1, maxLength: 4 });
const wrapped = events.map((events) => events.map((Event) => ({ Event })));

/** MISP JSON in the forms in which it is exported and returned from searches. */
export const mispTexts: fc.Arbitrary<string> = fc.oneof(
  event.map((Event) => JSON.stringify({ Event })),
  event.map((event) => JSON.stringify(event)),
  wrapped.map((events) => JSON.stringify(events)),
  wrapped.map((response) => JSON.stringify({ response })),
  wrapped.map((events) => events.map((one) => JSON.stringify(one)).join("\n")),
  events.map((Event) => JSON.stringify({ Event })),
  fc.array(attribute, { minLength: 1 })
    .map((Attribute) => JSON.stringify({ response: { Attribute } })),
  fc.array(object, { minLength: 1 }).map((objects) =>
    JSON.stringify({ response: objects.map((Object) => ({ Object })) })
  ),
);
