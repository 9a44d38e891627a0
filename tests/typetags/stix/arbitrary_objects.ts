import fc from "fast-check";
import type { Fields, Value } from "../../../lib/tahoe/value.ts";
import { values } from "../../tahoe/arbitrary_value.ts";

const TYPES = [
  "indicator",
  "observed-data",
  "sighting",
  "relationship",
  "malware",
  "report",
  "grouping",
  "ipv4-addr",
  "domain-name",
  "file",
  "network-traffic",
  "process",
  "email-message",
  "vulnerability",
  "marking-definition",
  "x-thing",
  "bundle",
];
/** So few ids that most references find an object, sometimes the object that refers. */
const id = fc.integer({ min: 1, max: 12 }).map((number) => `thing--${number}`);
const STRINGS = [
  "192.0.2.1",
  "198.51.100.0/24",
  "2001:db8::1",
  "example.com",
  "a@example.com",
  "\\\\\\\\",
  "2024-03-01T00:00:00Z",
  "benign",
  "malicious-activity",
  "CVE-2024-0001",
  "d41d",
  "",
  " a ",
  "\ud800",
  "[url:value = 'https://example.com/']",
  "[file:name = 'a' AND file:size = 5]",
  "[ipv4-addr:value = '192.0.2.1'] OR [ipv4-addr:value IN ('192.0.2.2', 'x')]",
  "[process:image_ref.name = 'a' AND process:parent_ref.image_ref.name = 'b']",
];
const text = fc.oneof(fc.constantFrom(...STRINGS), fc.string({ unit: "binary" }));
const value: fc.Arbitrary<Value> = fc.oneof(
  text,
  id,
  fc.bigInt({ min: -5n, max: 2n ** 70n }),
  values,
);

const VALUE_PROPERTIES = [
  "name",
  "value",
  "pattern",
  "labels",
  "indicator_types",
  "aliases",
  "relationship_type",
  "valid_from",
  "first_seen",
  "first_observed",
  "created",
  "modified",
  "number",
  "pid",
  "dst_port",
  "subject",
  "body",
  "revoked",
  "country",
  "protocols",
];
const REFERENCES = [
  "source_ref",
  "target_ref",
  "sighting_of_ref",
  "src_ref",
  "dst_ref",
  "parent_ref",
  "object_refs",
  "observed_data_refs",
  "where_sighted_refs",
  "resolves_to_refs",
  "child_refs",
  "contains_refs",
  "sample_refs",
  "from_ref",
  "to_refs",
];
const property = fc.oneof(
  fc.tuple(fc.constantFrom(...VALUE_PROPERTIES), fc.oneof(value, fc.array(value))),
  fc.tuple(fc.constantFrom(...REFERENCES), fc.oneof(id, fc.array(id), value)),
  fc.tuple(fc.constant("hashes"), fc.dictionary(fc.constantFrom("MD5", "SHA-256", "x"), text)),
);
const object = fc.record({
  type: fc.constantFrom(...TYPES),
  id: fc.option(id, { nil: undefined }),
  properties: fc.array(property, { maxLength: 8 }),
}).map(({ type, id, properties }) => fieldsOf([["type", type], ["id", id], ...properties]));
const inside = fc.dictionary(fc.constantFrom("0", "1", "2"), object);
/** The objects of a bundle, of any types, with any properties, that refer to each other. */
export const stixObjects: fc.Arbitrary<Fields[]> = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: object },
    {
      weight: 1,
      arbitrary: inside.map((objects) =>
        fieldsOf([["type", "observed-data"], ["objects", objects]])
      ),
    },
  ),
  { maxLength: 20 },
);

function fieldsOf(entries: readonly (readonly [string, Value | undefined])[]): Fields {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Fields;
}
