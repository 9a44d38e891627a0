import type { Fields, Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { distinctiveAttributes, type Draft } from "./draft.ts";
import { maxSizeOf } from "./draft_size.ts";
import type { Indicators } from "./indicators.ts";
import { draftNames, draftStixId } from "./names.ts";
import { observableType } from "./observable_types.ts";
import type { FindObject, Observables } from "./observables.ts";

/** Size of an observable with everything that it refers to, as {@link maxSizeOf} measures it. */
const MAX_ENDPOINT = 1024 * 1024;

type EndpointOptions = {
  readonly find: FindObject;
  readonly observables: Observables;
  readonly indicators: Indicators;
  readonly collector: InstanceCollector;
};

/** What stands for an object in the events of other objects that refer to it. */
export class Endpoints {
  readonly #find: FindObject;
  readonly #observables: Observables;
  readonly #indicators: Indicators;
  readonly #collector: InstanceCollector;
  readonly #drafts = new Map<string, readonly Draft[]>();

  constructor({ find, observables, indicators, collector }: EndpointOptions) {
    this.#find = find;
    this.#observables = observables;
    this.#indicators = indicators;
    this.#collector = collector;
  }

  /**
   * Attributes by which an object is found: its names, its id, and the values that it has or looks
   * for. Only the id if the upload does not contain the object; that is counted under the name of
   * the property that refers to it.
   */
  draftEndpoint(id: Value | undefined, property: string): readonly Draft[] {
    if (typeof id !== "string") return [];
    const object = this.#find(id);
    if (object === undefined) this.#collector.skip(`unresolved ${property}`);
    const known = this.#drafts.get(id);
    if (known !== undefined) return known;
    const drafts = object === undefined ? draftStixId({ id }) : this.#draftObject(object);
    this.#drafts.set(id, drafts);
    return drafts;
  }

  #draftObject(object: Fields): readonly Draft[] {
    if (observableType(object["type"]) !== undefined) {
      const draft = this.#observables.draft(object);
      const isSmall = draft !== undefined && maxSizeOf([draft]) <= MAX_ENDPOINT;
      return [...draftStixId(object), ...(isSmall ? distinctiveAttributes(draft) : [])];
    }
    const values = object["type"] === "indicator" ? this.#indicators.draftValues(object) : [];
    return [...draftNames(object), ...values.flatMap(distinctiveAttributes)];
  }
}
