import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { draftStixId } from "./names.ts";
import { isNamed, SAMPLES } from "./object_types.ts";
import { observableType } from "./observable_types.ts";
import { itemsOf, valuesAt } from "./paths.ts";
import { parsePattern } from "./pattern.ts";
import { buildObservable } from "./pattern_observable.ts";

/** The ids by which the events of a STIX object depend on other objects. */
export type StixReferences = {
  /** Ends which need no event of their own if they have one attribute: see {@link shownEnds}. */
  readonly shown: readonly string[];
  /** Other ends of a relationship or sighting. */
  readonly ends: readonly string[];
  /** Observed data that a sighting tells of. */
  readonly observed: readonly string[];
  /** Samples of malware, results of analyses. */
  readonly samples: readonly string[];
  /** `object_refs` of observed data, reports and groupings. */
  readonly objects: readonly string[];
  /** Observables to which an observable refers. */
  readonly observables: readonly string[];
  /** Observables to which those embedded in it refer, or an indicator's pattern. */
  readonly inside: readonly string[];
};

/** Finds the ids that the events of a STIX object depend on, found or not. */
export function findReferences(object: Fields): StixReferences {
  const { type } = object;
  const shown = new Set(shownEnds(object));
  return {
    shown: [...shown],
    ends: endsOf(object).filter((id) => !shown.has(id)),
    observed: type === "sighting" ? strings(itemsOf(object["observed_data_refs"])) : [],
    samples: isNamed(object)
      ? strings(SAMPLES.flatMap((property) => itemsOf(object[property])))
      : [],
    objects: strings(itemsOf(object["object_refs"])),
    observables: strings(referredValues(object)),
    inside: type === "indicator"
      ? findInPattern(object["pattern"])
      : observableType(type) === undefined
      ? []
      : findInside(object),
  };
}

/**
 * Ids of the ends of a relationship and of the places of a sighting, of which the event shows so much
 * that an observable with one attribute needs no event of its own. None if the references alone do not
 * say that there will be an event.
 */
export function shownEnds(object: Fields): readonly string[] {
  const { type, source_ref, target_ref, sighting_of_ref } = object;
  if (type === "relationship") {
    return isReadable(source_ref) && isReadable(target_ref) ? endsOf(object) : [];
  }
  const isCertain = type === "sighting" && isReadable(sighting_of_ref);
  return isCertain ? strings(itemsOf(object["where_sighted_refs"])) : [];
}

/** Whether events can contain an id, whether or not an object has it. */
function isReadable(id: Value | undefined): boolean {
  return typeof id === "string" && draftStixId({ id }).length > 0;
}

function endsOf(object: Fields): readonly string[] {
  const { type, source_ref, target_ref, sighting_of_ref } = object;
  if (type === "relationship") return strings([source_ref, target_ref]);
  if (type !== "sighting") return [];
  return strings([sighting_of_ref, ...itemsOf(object["where_sighted_refs"])]);
}

function strings(values: readonly (Value | undefined)[]): readonly string[] {
  return values.filter((value) => typeof value === "string");
}

/** What an observable has where others are referred to: ids and embedded observables. */
function referredValues(observable: Fields): readonly Value[] {
  const paths = Object.keys(observableType(observable["type"])?.refs ?? {});
  return paths.flatMap((path) => valuesAt(observable, path));
}

/** Names of the properties that refer to others; `values` are those of a registry key. */
const REFERENCE_NAME = /_refs?$|^values$/;

/** Ids in what is embedded in some fields, at any depth. */
function findInside(fields: Fields): readonly string[] {
  return Object.values(fields).flatMap(itemsOf).filter((value) => isFields(value))
    .flatMap(findInEmbedded);
}

function findInEmbedded(fields: Fields): readonly string[] {
  const ids = Object.entries(fields).flatMap(([name, value]) =>
    REFERENCE_NAME.test(name) ? strings(itemsOf(value)) : []
  );
  return [...ids, ...findInside(fields)];
}

function findInPattern(pattern: Value | undefined): readonly string[] {
  if (typeof pattern !== "string") return [];
  try {
    return parsePattern(pattern).flatMap((conjunction) =>
      findInEmbedded(buildObservable(conjunction))
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return [];
    throw error;
  }
}
