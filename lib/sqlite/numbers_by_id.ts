/** Ids below stand in an array: those of a file are given from 1 upwards. */
const DENSE = 2 ** 25;

const FIRST_CAPACITY = 1024;

/** Numbers by the ids of rows, in four bytes each. */
export class NumbersById {
  /** Each number plus 1. */
  #dense = new Uint32Array(FIRST_CAPACITY);
  readonly #others = new Map<number, number>();

  has(id: number): boolean {
    return id < this.#dense.length ? this.#dense[id] !== 0 : this.#others.has(id);
  }

  /** The number of an id that has one. */
  get(id: number): number {
    return id < this.#dense.length ? this.#dense[id]! - 1 : this.#others.get(id)!;
  }

  set(id: number, number: number): void {
    if (id >= DENSE) {
      this.#others.set(id, number);
      return;
    }
    if (id >= this.#dense.length) {
      const larger = new Uint32Array(Math.min(DENSE, 2 ** Math.ceil(Math.log2(id + 1))));
      larger.set(this.#dense);
      this.#dense = larger;
    }
    this.#dense[id] = number + 1;
  }

  clear(): void {
    this.#dense = new Uint32Array(FIRST_CAPACITY);
    this.#others.clear();
  }
}
