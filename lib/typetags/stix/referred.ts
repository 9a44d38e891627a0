import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { observableType } from "./observable_types.ts";
import { itemsOf } from "./paths.ts";

/**
 * Property of a bundle that is part of a larger one: what the events of its objects need of objects
 * that are in other parts. They become no events here, and may lack what no other event shows.
 */
export const REFERRED = "x_cybexp_referred";

/** What the events of other objects show of an object, or depend on; `object_refs` are left out. */
const SHOWN = [
  "type",
  "id",
  "name",
  "revoked",
  "pattern",
  "pattern_type",
  "indicator_types",
  "labels",
  // STIX 2.0: the observables of observed data.
  "objects",
];

/** What the events of other objects need of an object, without its `object_refs`. */
export function referredFields(object: Fields): Fields {
  if (observableType(object["type"]) !== undefined) return object;
  const references = itemsOf(object["external_references"]).filter((item) => isFields(item))
    .map((reference) => pick(reference, ["source_name", "external_id"]))
    .filter(({ external_id }) => external_id !== undefined);
  return {
    ...pick(object, SHOWN),
    ...(references.length > 0 && { external_references: references }),
  };
}

function pick(fields: Fields, names: readonly string[]): Fields {
  const present = names.filter((name) => fields[name] !== undefined);
  return Object.fromEntries(present.map((name): [string, Value] => [name, fields[name]!]));
}
