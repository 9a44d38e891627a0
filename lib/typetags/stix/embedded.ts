import type { Fields, Value } from "../../tahoe/value.ts";
import { type Comparison, type Conjunction, ITEM, type Step } from "./pattern.ts";

type PartialObservable = {
  [name: string]: Value | PartialObservable | PartialObservable[] | Value[];
};

/**
 * The observable of which the comparisons hold, with what it refers to inside it:
 * `{type: "network-traffic", dst_ref: {value: "192.0.2.1"}, dst_port: 443n}`.
 *
 * Throws RangeError, with the reason, if they speak of several observables or contradict each other.
 */
export function embedded(conjunction: Conjunction): Fields {
  const observable: PartialObservable = Object.create(null);
  observable["type"] = conjunction[0]?.type ?? "";
  for (const { type, path, value } of conjunction) {
    if (type !== observable["type"]) throw new RangeError("AND of several types");
    if (!put(observable, path, value)) throw new RangeError("contradiction");
  }
  return observable as Fields;
}

/** False if there is something else already. */
function put(into: PartialObservable, path: readonly Step[], value: Comparison["value"]): boolean {
  const [name, next, ...rest] = path;
  if (typeof name !== "string") return false;
  const present = into[name];
  if (next === undefined) {
    into[name] ??= value;
    return present === undefined || present === value;
  }
  if (next === ITEM) {
    const list = into[name] ??= [];
    return Array.isArray(list) && putItem(list as (Value | PartialObservable)[], rest, value);
  }
  const inner = into[name] ??= Object.create(null) as PartialObservable;
  return isPartialObservable(inner) && put(inner, path.slice(1), value);
}

/** Which item is meant is not known: the last that has room for it, else one more. */
function putItem(
  list: (Value | PartialObservable)[],
  path: readonly Step[],
  value: Comparison["value"],
): boolean {
  if (path.length === 0) return list.push(value) > 0;
  const last = list.at(-1);
  if (isPartialObservable(last) && put(last, path, value)) return true;
  const item: PartialObservable = Object.create(null);
  list.push(item);
  return put(item, path, value);
}

function isPartialObservable(value: unknown): value is PartialObservable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
