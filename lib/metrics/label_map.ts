import type { Labels } from "./exposition.ts";

/** A map from sets of labels to values, which are made when they are first asked for. */
export class LabelMap<Value> implements Iterable<readonly [Labels, Value]> {
  readonly #make: () => Value;
  readonly #values = new Map<string, readonly [Labels, Value]>();

  constructor(make: () => Value) {
    this.#make = make;
  }

  getOrCreate(labels: Labels): Value {
    const key = JSON.stringify(Object.entries(labels).toSorted());
    const known = this.#values.get(key);
    if (known !== undefined) return known[1];
    const value = this.#make();
    this.#values.set(key, [labels, value]);
    return value;
  }

  [Symbol.iterator](): Iterator<readonly [Labels, Value]> {
    return this.#values.values();
  }
}
