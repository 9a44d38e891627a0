type Numbers = Float64Array | Int32Array | Uint8Array | Uint32Array;

/** Numbers by index, in as few bytes as they need; grows at its end. Numbers that were not set are 0. */
export class Column {
  #numbers: Numbers;
  length = 0;

  /** @param numbers An empty array of the kind of numbers. */
  constructor(numbers: Numbers) {
    this.#numbers = numbers;
  }

  push(number: number): void {
    this.set(this.length, number);
  }

  get(index: number): number {
    return index < this.length ? this.#numbers[index]! : 0;
  }

  set(index: number, number: number): void {
    if (index >= this.#numbers.length) this.#grow(index + 1);
    this.#numbers[index] = number;
    this.length = Math.max(this.length, index + 1);
  }

  /** Drops the numbers from an index on. */
  truncate(length: number): void {
    this.#numbers.fill(0, length, this.length);
    this.length = Math.min(this.length, length);
  }

  /** Gives back the memory that was reserved for more numbers. */
  trim(): void {
    this.#numbers = this.#numbers.slice(0, this.length);
  }

  #grow(length: number): void {
    const Kind = this.#numbers.constructor as { new (length: number): Numbers };
    const larger = new Kind(Math.max(1024, length, Math.ceil(this.#numbers.length * 1.5)));
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
