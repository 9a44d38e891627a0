import type { MispMember } from "./misp_finder.ts";
import type { MispReferences } from "./misp_references.ts";

/** The members of a part of a large MISP event, by their index, as long as there may come more. */
export class EventPart {
  readonly #members: readonly MispMember[];
  readonly #references: MispReferences;
  readonly own = new Set<number>();
  readonly #needed = new Set<number>();
  /** Members that share their UUID with others: only in the right order, they say which is meant. */
  readonly #ambiguous = new Set<number>();
  #size = 0;

  constructor(members: readonly MispMember[], references: MispReferences) {
    this.#members = members;
    this.#references = references;
  }

  /** Members that references are about, to be repeated behind the part's own. */
  get copies(): readonly number[] {
    const others = [...this.#needed].filter((index) => !this.own.has(index));
    return [...new Set([...others, ...this.#ambiguous])].sort((one, other) => one - other);
  }

  /** About how many bytes it would have with another member. */
  sizeWith(index: number): number {
    const added = this.#references.neededBy(index).flat()
      .filter((one) => !this.#needed.has(one) && !this.#ambiguous.has(one));
    return [index, ...new Set(added)].reduce(
      (sum, one) => sum + this.#members[one]!.length + 2,
      this.#size,
    );
  }

  add(index: number): void {
    this.#size = this.sizeWith(index);
    this.own.add(index);
    for (const having of this.#references.neededBy(index)) {
      const set = having.length > 1 ? this.#ambiguous : this.#needed;
      for (const one of having) set.add(one);
    }
  }
}
