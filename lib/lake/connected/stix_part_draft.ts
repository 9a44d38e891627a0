import type { StixIndex } from "./stix_index.ts";
import { neededBy } from "./stix_needs.ts";

/** Bytes of `{"id": ""}, ` around the id of an object that a report in the part only names. */
const NAME_BYTES = 12;

/** The objects of a part, as long as there may come more. */
export class PartDraft {
  readonly #index: StixIndex;
  readonly #own = new Set<number>();
  readonly #referred = new Set<number>();
  #size = 0;

  constructor(index: StixIndex) {
    this.#index = index;
  }

  /** Objects that become events. */
  get own(): ReadonlySet<number> {
    return this.#own;
  }

  /** Objects that the events need and that become events in other parts. */
  get referred(): readonly number[] {
    return [...this.#referred].filter((number) => !this.#own.has(number));
  }

  /** Objects that only the reports of this part name. */
  get named(): readonly number[] {
    const collections = [...this.#own].filter((one) => this.#index.traitsOf(one).isCollection);
    const objects = collections.flatMap((one) => this.#index.referencesOf(one, "objects"));
    return [...new Set(objects)].filter((one) => !this.#own.has(one) && !this.#referred.has(one));
  }

  /** About how many bytes it would have with more objects. */
  sizeWith(numbers: readonly number[]): number {
    const added = [...this.#companions(numbers)].filter((one) =>
      !this.#own.has(one) && !this.#referred.has(one)
    );
    return numbers.reduce((sum, number) => sum + this.#ownSize(number), this.#size) +
      added.reduce((sum, number) => sum + this.#index.referredSize(number), 0);
  }

  add(numbers: readonly number[]): void {
    this.#size = this.sizeWith(numbers);
    for (const number of this.#companions(numbers)) this.#referred.add(number);
    for (const number of numbers) this.#own.add(number);
  }

  /** What objects need, and the reports and groupings whose sessions they are part of. */
  #companions(numbers: readonly number[]): ReadonlySet<number> {
    const own = new Set(numbers);
    const companions = numbers.flatMap((number) => [
      ...neededBy(number, this.#index),
      ...this.#index.collectionsOf(number),
    ]);
    return new Set(companions.filter((number) => !own.has(number)));
  }

  /** Bytes of an object, and of what reports, here and elsewhere, say of it or it says of others. */
  #ownSize(number: number): number {
    const text = this.#index.spansOf(number).reduce((sum, { length }) => sum + length + 1, 0);
    const nameSize = (one: number) => this.#index.idOf(one).length + NAME_BYTES;
    const { isCollection } = this.#index.traitsOf(number);
    const names = isCollection ? this.#index.referencesOf(number, "objects") : [];
    return text + names.reduce((sum, one) => sum + nameSize(one), 0) +
      this.#index.collectionsOf(number).length * nameSize(number);
  }
}
