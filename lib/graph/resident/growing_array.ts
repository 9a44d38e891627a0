const FIRST_CAPACITY = 1024;

/** Part that is added to the capacity of an array that is full. */
const GROWTH = 0.5;

type TypedArray = Uint8Array | Uint32Array | Float64Array;

/** A typed array to which numbers are appended. */
class GrowingArray<T extends TypedArray> {
  readonly #create: (length: number) => T;
  #array: T;
  #length = 0;

  constructor(create: (length: number) => T) {
    this.#create = create;
    this.#array = create(FIRST_CAPACITY);
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes that the array takes, with the room for what comes next. */
  get bytes(): number {
    return this.#array.byteLength;
  }

  /** What was appended so far; a view that the next append may leave behind. */
  get items(): T {
    return this.#array.subarray(0, this.#length) as T;
  }

  at(index: number): number {
    return this.#array[index]!;
  }

  set(index: number, item: number): void {
    this.#array[index] = item;
  }

  push(item: number): void {
    if (this.#length === this.#array.length) {
      const larger = this.#create(Math.ceil(this.#length * (1 + GROWTH)));
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length++] = item;
  }
}

export class GrowingUint8s extends GrowingArray<Uint8Array> {
  constructor() {
    super((length) => new Uint8Array(length));
  }
}

export class GrowingUint32s extends GrowingArray<Uint32Array> {
  constructor() {
    super((length) => new Uint32Array(length));
  }
}

export class GrowingFloat64s extends GrowingArray<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}
