import type { Fields, Value } from "../../tahoe/value.ts";
import { type Comparison, type Conjunction, ITEM, type PathStep } from "./pattern.ts";

type PartialObservable = {
  [name: string]: Value | PartialObservable | PartialObservable[] | Value[];
};

/**
 * Builds the observable that satisfies all comparisons, with everything that it refers to inside it:
 * `{type: "network-traffic", dst_ref: {value: "192.0.2.1"}, dst_port: 443n}`.
 *
 * @throws {RangeError} When the comparisons are about several observables or contradict each other.
 * The message names the reason.
 */
export function buildObservable(conjunction: Conjunction): Fields {
  const observable: PartialObservable = Object.create(null);
  observable["type"] = conjunction[0]?.type ?? "";
  for (const { type, path, value } of conjunction) {
    if (type !== observable["type"]) throw new RangeError("AND of several types");
    if (!setValue(observable, path, value)) throw new RangeError("contradiction");
  }
  return observable as Fields;
}

/** Sets the value at a path. False if another value is already there. */
function setValue(
  observable: PartialObservable,
  path: readonly PathStep[],
  value: Comparison["value"],
): boolean {
  const [name, next, ...rest] = path;
  if (typeof name !== "string") return false;
  const present = observable[name];
  if (next === undefined) {
    observable[name] ??= value;
    return present === undefined || present === value;
  }
  if (next === ITEM) {
    const list = observable[name] ??= [];
    return Array.isArray(list) && setItem(list as (Value | PartialObservable)[], rest, value);
  }
  const inner = observable[name] ??= Object.create(null) as PartialObservable;
  return isPartialObservable(inner) && setValue(inner, path.slice(1), value);
}

/** Sets a value in the last item if it is free there, else in a new one: the pattern names no item. */
function setItem(
  list: (Value | PartialObservable)[],
  path: readonly PathStep[],
  value: Comparison["value"],
): boolean {
  if (path.length === 0) return list.push(value) > 0;
  const last = list.at(-1);
  if (isPartialObservable(last) && setValue(last, path, value)) return true;
  const item: PartialObservable = Object.create(null);
  list.push(item);
  return setValue(item, path, value);
}

function isPartialObservable(value: unknown): value is PartialObservable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
