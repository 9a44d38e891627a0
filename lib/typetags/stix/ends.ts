import type { Fields, Value } from "../../tahoe/value.ts";
import type { Harvest } from "../harvest.ts";
import type { Indicators } from "./indicators.ts";
import { namesOf, stixIdOf } from "./names.ts";
import { observableType } from "./observable_types.ts";
import type { Find, Observables } from "./observables.ts";
import { sizeOf, type Sketch, tellingLeaves } from "./sketch.ts";

/** Of an observable that is itself and all that it refers to. As {@link sizeOf} gives it. */
const MAX_END = 1024 * 1024;

/** What stands for objects where others refer to them. */
export class Ends {
  readonly #find: Find;
  readonly #observables: Observables;
  readonly #indicators: Indicators;
  readonly #harvest: Harvest;
  readonly #ends = new Map<string, readonly Sketch[]>();

  constructor(find: Find, observables: Observables, indicators: Indicators, harvest: Harvest) {
    this.#find = find;
    this.#observables = observables;
    this.#indicators = indicators;
    this.#harvest = harvest;
  }

  /**
   * Attributes by which an object is found: its names, the values that it is or looks for, and its
   * id; that alone, and counted under the name of the place, if the object is not here.
   */
  endOf(id: Value | undefined, place: string): readonly Sketch[] {
    if (typeof id !== "string") return [];
    const object = this.#find(id);
    if (object === undefined) this.#harvest.skip(`unresolved ${place}`);
    const known = this.#ends.get(id);
    if (known !== undefined) return known;
    const end = object === undefined ? stixIdOf({ id }) : this.#read(object);
    this.#ends.set(id, end);
    return end;
  }

  #read(object: Fields): readonly Sketch[] {
    if (observableType(object["type"]) !== undefined) {
      const sketch = this.#observables.read(object);
      const isSmall = sketch !== undefined && sizeOf([sketch]) <= MAX_END;
      return [...stixIdOf(object), ...isSmall ? tellingLeaves(sketch) : []];
    }
    const values = object["type"] === "indicator" ? this.#indicators.valuesOf(object) : [];
    return [...namesOf(object), ...values.flatMap(tellingLeaves)];
  }
}
