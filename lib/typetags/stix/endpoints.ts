import type { Fields, Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import type { Indicators } from "./indicators.ts";
import { namesOf, stixIdOf } from "./names.ts";
import { observableType } from "./observable_types.ts";
import type { Find, Observables } from "./observables.ts";
import { distinctiveAttributes, type Draft, sizeOf } from "./draft.ts";

/** Of an observable that is itself and all that it refers to. As {@link sizeOf} gives it. */
const MAX_END = 1024 * 1024;

/** What stands for objects where others refer to them. */
export class Endpoints {
  readonly #find: Find;
  readonly #observables: Observables;
  readonly #indicators: Indicators;
  readonly #collector: InstanceCollector;
  readonly #ends = new Map<string, readonly Draft[]>();

  constructor(
    find: Find,
    observables: Observables,
    indicators: Indicators,
    collector: InstanceCollector,
  ) {
    this.#find = find;
    this.#observables = observables;
    this.#indicators = indicators;
    this.#collector = collector;
  }

  /**
   * Attributes by which an object is found: its names, the values that it is or looks for, and its
   * id; that alone, and counted under the name of the place, if the object is not here.
   */
  endpointOf(id: Value | undefined, place: string): readonly Draft[] {
    if (typeof id !== "string") return [];
    const object = this.#find(id);
    if (object === undefined) this.#collector.skip(`unresolved ${place}`);
    const known = this.#ends.get(id);
    if (known !== undefined) return known;
    const end = object === undefined ? stixIdOf({ id }) : this.#read(object);
    this.#ends.set(id, end);
    return end;
  }

  #read(object: Fields): readonly Draft[] {
    if (observableType(object["type"]) !== undefined) {
      const sketch = this.#observables.read(object);
      const isSmall = sketch !== undefined && sizeOf([sketch]) <= MAX_END;
      return [...stixIdOf(object), ...isSmall ? distinctiveAttributes(sketch) : []];
    }
    const values = object["type"] === "indicator" ? this.#indicators.valuesOf(object) : [];
    return [...namesOf(object), ...values.flatMap(distinctiveAttributes)];
  }
}
