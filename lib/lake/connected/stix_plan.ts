import type { StixIndex } from "./stix_index.ts";
import { containedIn, shownBy } from "./stix_needs.ts";
import { PartDraft } from "./stix_part_draft.ts";

/** An object that cannot be imported, and its size with everything that its event needs. */
export type TooLarge = { readonly tooLarge: number; readonly bytes: number };

type PlanLimits = {
  /** Most bytes of a part of several objects. */
  readonly partBytes: number;
  /** Most bytes of an object with everything that its event needs. */
  readonly maxBytes: number;
};

/**
 * Distributes the objects of a bundle to parts, in the order in which they came. With an object come
 * the observables that its event contains, and what is needed of others to make the same events.
 */
export function* planParts(
  index: StixIndex,
  { partBytes, maxBytes }: PlanLimits,
): Iterable<PartDraft | TooLarge> {
  /** Whether an object still has to become part of some part, by its number. */
  const isLeft = new Uint8Array(index.end);
  for (const number of index.numbers()) {
    const bytes = new PartDraft(index).sizeWith([number, ...drawnBy(number, index)]);
    if (bytes <= maxBytes) isLeft[number] = 1;
    else yield { tooLarge: number, bytes };
  }
  const isContained = new Uint8Array(index.end);
  for (const number of index.numbers()) {
    if (isLeft[number]) { for (const one of containedIn(number, index)) isContained[one] = 1; }
  }
  let part = new PartDraft(index);
  for (const number of inOrder(index)) {
    if (!isLeft[number]) continue;
    const shown = shownBy(number, index).filter((one) => !isContained[one]);
    const drawn = new Set([number, ...containedIn(number, index), ...shown]);
    const group = [...drawn].filter((one) => isLeft[one]);
    if (part.own.size > 0 && part.sizeWith(group) > partBytes) {
      yield part;
      part = new PartDraft(index);
    }
    part.add(group);
    for (const one of group) isLeft[one] = 0;
  }
  if (part.own.size > 0) yield part;
}

/** Observables come last: most come with what contains them. */
function* inOrder(index: StixIndex): Iterable<number> {
  for (const areObservables of [false, true]) {
    for (const number of index.numbers()) {
      if (index.traitsOf(number).isObservable === areObservables) yield number;
    }
  }
}

/** The observables that may come with an object. */
function drawnBy(number: number, index: StixIndex): readonly number[] {
  return [...containedIn(number, index), ...shownBy(number, index)];
}
