import type { StixIndex } from "./stix_index.ts";

/** The objects that the event of an object shows or depends on, in the directions of the filter. */
export function neededBy(number: number, index: StixIndex): ReadonlySet<number> {
  const needed = new Set(referredBy(number, index));
  for (const one of observedBy(number, index)) needed.add(one);
  for (const one of [...endsOf(number, index), ...partsOf(number, index)]) {
    needed.add(one);
    for (const other of referredBy(one, index)) needed.add(other);
  }
  return needed;
}

/**
 * The observables that an event of an object contains in full, so that they become no events: in
 * another part, the filter could not know.
 */
export function containedIn(number: number, index: StixIndex): readonly number[] {
  const isObservable = (one: number) => index.traitsOf(one).isObservable;
  const contained = partsOf(number, index).filter(isObservable);
  const inside = contained.flatMap((one) => index.referencesOf(one, "observables"))
    .filter((one) => isObservable(one) && index.referencesOf(one, "observables").length === 0);
  return [...contained, ...inside];
}

/** The observables whose distinctive attributes an event of an object shows. */
export function shownBy(number: number, index: StixIndex): readonly number[] {
  return shownEnds(number, index).filter((one) => index.traitsOf(one).isObservable);
}

function referredBy(number: number, index: StixIndex): readonly number[] {
  return [
    ...index.referencesOf(number, "observables"),
    ...index.referencesOf(number, "inside"),
  ];
}

function observedBy(number: number, index: StixIndex): readonly number[] {
  return isEventless(number, index) ? [] : index.referencesOf(number, "observed");
}

function shownEnds(number: number, index: StixIndex): readonly number[] {
  return isEventless(number, index) ? [] : index.referencesOf(number, "shown");
}

function endsOf(number: number, index: StixIndex): readonly number[] {
  if (isEventless(number, index)) return [];
  return [...shownEnds(number, index), ...index.referencesOf(number, "ends")];
}

/** Observed data, samples and results that are part of the event. */
function partsOf(number: number, index: StixIndex): readonly number[] {
  if (isEventless(number, index)) return [];
  const objects = index.traitsOf(number).isObservedData ? [number] : [];
  return [
    ...index.referencesOf(number, "samples"),
    ...[...objects, ...observedBy(number, index)].flatMap((one) =>
      index.referencesOf(one, "objects")
    ),
  ];
}

function isEventless(number: number, index: StixIndex): boolean {
  const { isObservable, isRevoked } = index.traitsOf(number);
  return isObservable || isRevoked;
}
