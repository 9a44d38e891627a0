/** A STIX object, with the properties that all of them have. */
export type StixObject = {
  readonly type: string;
  readonly spec_version: "2.1";
  readonly id: string;
  readonly [name: string]: unknown;
};

/**
 * Creation time of each of our objects, as far as STIX is concerned. An id is made from what it
 * stands for, so every export writes new versions of the same objects, and versions must have the
 * same creation time (STIX 2.1, section 3.6).
 */
export const CREATED = "2026-01-01T00:00:00.000Z";

/** Author of our objects. */
export const IDENTITY: StixObject = {
  type: "identity",
  spec_version: "2.1",
  id: "identity--a2af78a5-7c3b-4b55-858a-06146a01d8bc",
  created: CREATED,
  modified: CREATED,
  name: "cybexp",
  description: "Reports of a cybexp archive",
  identity_class: "system",
};

export const EXTENSION_ID = "extension-definition--990ab853-4bb5-4abc-9584-0ab327f7bca0";

const SCHEMA = `x-cybexp-attribute is one value of one kind that STIX has no type for. sub_type \
(string, required): its kind. data (string, required): the value; of what is no text, its JSON. \
data_type (required): string, integer, float, boolean or null. The ID Contributing Properties are \
these three.
observed-data: an event. sub_type and orgid (strings): what happened, which organisation reported \
it. category: benign, malicious or unknown. benign_refs, malicious_refs (lists of identifiers): \
observables that are seen so in it. hash (string): the event's SHA-256.
grouping: what belongs together. itype: object, or session (of events); sub_type (string): its kind.
note on an observable: count (integer): how many events hold it. chosen (dictionary of strings): \
which events were counted, in the words of the question. first_seen, last_seen (timestamps): when \
the oldest and newest of them were.
every note: question (string): what was asked, what of it was found, and in which range.
note on observed-data: threatrank (float): from 0, not at all malicious, to -1, fully; may go \
beyond. least, most (floats): where it is not exact, it lies between these. flags (list of \
strings): why it is not exact.`;

/** Definition of our properties. */
export const EXTENSION: StixObject = {
  type: "extension-definition",
  spec_version: "2.1",
  id: EXTENSION_ID,
  created_by_ref: IDENTITY.id,
  created: CREATED,
  modified: CREATED,
  name: "cybexp",
  description: "What a cybexp archive says of attributes and events beyond STIX",
  schema: SCHEMA,
  version: "1.0.0",
  extension_types: ["new-sco", "property-extension"],
};

/** Wraps those properties of an object that STIX does not have. */
export function propertyExtension(properties: { readonly [name: string]: unknown }) {
  return {
    extensions: { [EXTENSION_ID]: { extension_type: "property-extension", ...properties } },
  };
}
