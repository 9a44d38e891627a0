import fc from "fast-check";
import type { Fields, Value } from "../../../lib/tahoe/value.ts";

/** So few ids that most references find an object, and several objects are versions of one. */
const id = fc.integer({ min: 1, max: 12 }).map((number) => `thing--${number}`);
/** The id of an object; rarely none, or what no event can have as id. */
const end = fc.oneof({ weight: 9, arbitrary: id }, fc.constantFrom(undefined, " ", 5n));
const ids = fc.array(id, { minLength: 1, maxLength: 5 });
const name = fc.constantFrom("a", "b", "c", "d.example.com", "CVE-2024-0001");
const address = fc.integer({ min: 1, max: 5 }).map((number) => `192.0.2.${number}`);
const time = fc.integer({ min: 1, max: 3 }).map((day) => `2024-03-0${day}T00:00:00Z`);

/** A property that may be missing. */
function maybe<T extends Value>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

const common = {
  id,
  modified: maybe(time),
  created: maybe(time),
  name: maybe(name),
  revoked: fc.option(fc.constant(true), { nil: undefined, freq: 9 }),
  description: maybe(fc.string()),
  external_references: maybe(fc.constant([
    { source_name: "mitre-attack", external_id: "T1001", url: "https://example.com/" },
    { source_name: "text", description: "of no use" },
  ])),
};

const pattern = fc.oneof(
  address.map((value) => `[ipv4-addr:value = '${value}']`),
  id.map((id) => `[process:image_ref = '${id}' AND process:name = 'p']`),
  id.map((id) => `[network-traffic:src_ref.belongs_to_refs[*] = '${id}']`),
);
const embedded = fc.record({
  "0": address.map((value) => ({ type: "ipv4-addr", value })),
  "1": fc.constant({ type: "domain-name", value: "e.example.com", resolves_to_refs: ["0"] }),
});

const PROPERTIES: { readonly [type: string]: { readonly [name: string]: fc.Arbitrary<unknown> } } =
  {
    "ipv4-addr": { value: address, belongs_to_refs: maybe(ids) },
    "domain-name": { value: fc.constant("f.example.com"), resolves_to_refs: maybe(ids) },
    "url": { value: fc.constant("https://g.example.com/") },
    "file": { hashes: maybe(fc.constant({ MD5: "ab" })), contains_refs: maybe(ids), name },
    "network-traffic": {
      src_ref: fc.oneof(id, id.map((id) => ({ type: "ipv4-addr", belongs_to_refs: [id] }))),
      dst_ref: maybe(id),
      dst_port: maybe(fc.constant(443n)),
    },
    "process": { image_ref: maybe(id), child_refs: maybe(ids), pid: fc.constant(7n) },
    "indicator": { pattern, indicator_types: maybe(fc.constantFrom("benign", "compromised")) },
    "observed-data": { object_refs: maybe(ids), objects: maybe(embedded), first_observed: time },
    "sighting": {
      sighting_of_ref: end,
      observed_data_refs: maybe(ids),
      where_sighted_refs: maybe(ids),
    },
    "relationship": { source_ref: end, target_ref: end, relationship_type: fc.constant("uses") },
    "malware": { sample_refs: maybe(ids), aliases: maybe(fc.constant(["other"])) },
    "report": { object_refs: ids, published: maybe(time) },
    "grouping": { object_refs: ids },
    "note": { object_refs: ids, sample_refs: ids },
  };

/** Types that decide together whether an observable becomes an event. */
const REFERRING = new Set(["observed-data", "sighting", "relationship", "network-traffic"]);

/** Objects as their producers write them, which refer to each other in all ways that matter. */
export const connectedObjects: fc.Arbitrary<Fields[]> = fc.array(
  fc.oneof(
    ...Object.entries(PROPERTIES).map(([type, properties]) => ({
      weight: REFERRING.has(type) ? 4 : 1,
      arbitrary: fc.record({ ...common, ...properties }).map((fields) =>
        Object.fromEntries(
          Object.entries({ type, ...fields }).filter(([, value]) => value !== undefined),
        ) as Fields
      ),
    })),
  ),
  { minLength: 1, maxLength: 25 },
);
