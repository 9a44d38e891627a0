import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { ipAddress } from "../ip_address.ts";
import { type ObservableType, observableType } from "./observable_types.ts";
import { itemsOf, valuesAt } from "./paths.ts";
import { safeName } from "./safe_name.ts";
import { type Draft, draftAttribute } from "./draft.ts";

/** Gives what an id stands for, if it is there. */
export type Find = (id: string) => Fields | undefined;

type Part = { readonly type: ObservableType; readonly parts: readonly Draft[] };

/** Levels of observables inside one another, as patterns have them: process, traffic, address. */
const MAX_DEPTH = 3;

/** Properties of every object, which say nothing of what was observed. */
const FRAME = new Set([
  ...["type", "id", "spec_version", "created", "modified", "created_by_ref", "revoked", "labels"],
  ...["object_marking_refs", "granular_markings", "defanged", "confidence", "lang"],
]);

/** Reads observables, of which some refer to others that `find` gives by id. */
export class Observables {
  readonly #find: Find;
  readonly #collector: InstanceCollector;
  readonly #read = new Map<Fields, Draft | undefined>();
  readonly #values = new Map<Fields, readonly Draft[]>();
  readonly #refers = new Map<Fields, boolean>();

  constructor(find: Find, collector: InstanceCollector) {
    this.#find = find;
    this.#collector = collector;
  }

  /**
   * What an observable is in an event: an attribute, or an object of several with those that it
   * refers to, but not what these refer to. Undefined, and counted, if nothing of it is known.
   */
  read(observable: Fields): Draft | undefined {
    if (!this.#read.has(observable)) this.#read.set(observable, this.#one(observable));
    return this.#read.get(observable);
  }

  /** The objects that an observable refers to by id. */
  referred(observable: Fields): readonly Fields[] {
    const paths = Object.keys(observableType(observable["type"])?.refs ?? {});
    const ids = paths.flatMap((path) => valuesAt(observable, path));
    const found = ids.map((id) => typeof id === "string" ? this.#find(id) : undefined);
    return found.filter((other) => other !== undefined);
  }

  /** Whether there is any. */
  refers(observable: Fields): boolean {
    const refers = this.#refers.get(observable) ?? this.referred(observable).length > 0;
    this.#refers.set(observable, refers);
    return refers;
  }

  #one(observable: Fields): Draft | undefined {
    const name = safeName(observable["type"]);
    const type = observableType(observable["type"]);
    const sketch = type && whole({ type, parts: this.#parts(observable, type, 0) });
    if (type === undefined) this.#collector.skip(`${name} where an observable should be`);
    else if (sketch === undefined) this.#collector.skip(`${name} with nothing that is read`);
    return sketch;
  }

  #parts(observable: Fields, type: ObservableType, depth: number): readonly Draft[] {
    this.#countUnread(observable, type);
    const values = this.#valuesOf(observable, type);
    if (depth === MAX_DEPTH) return values;
    const others = Object.entries(type.refs).flatMap(([path, ref]) => {
      const found = this.#others(observable, type, path, depth);
      if (ref.role === undefined) return found.flatMap((other) => whole(other) ?? []);
      const beside = Object.entries(ref.beside ?? {}).flatMap(([name, subType]) =>
        this.#leaves(observable, type, name, subType)
      );
      return inRole(ref.role, found.map(({ parts }) => parts), beside);
    });
    return [...values, ...others];
  }

  /** The attributes of an observable, without what it refers to. */
  #valuesOf(observable: Fields, type: ObservableType): readonly Draft[] {
    const known = this.#values.get(observable);
    if (known !== undefined) return known;
    const values = Object.entries(type.values).flatMap(([path, subType]) =>
      this.#leaves(observable, type, path, subType)
    );
    this.#values.set(observable, values);
    return values;
  }

  #leaves(
    observable: Fields,
    { type }: ObservableType,
    path: string,
    subType: string,
  ): readonly Draft[] {
    return valuesAt(observable, path).flatMap((value) => {
      const found = draftAttribute(subType, value);
      if (found === undefined) this.#collector.skip(`malformed ${type}.${path}`);
      return found ?? [];
    });
  }

  /** Of what is found by id only its attributes: it is read by itself, too. */
  #others(
    observable: Fields,
    { type, refs }: ObservableType,
    path: string,
    depth: number,
  ): readonly Part[] {
    return [...new Set(valuesAt(observable, path))].flatMap((value) => {
      const other = typeof value === "string" ? this.#find(value) : value;
      const otherType = isFields(other)
        ? observableType(other["type"] ?? refs[path]?.type ?? typeOf(other["value"]))
        : undefined;
      if (!isFields(other) || otherType === undefined) {
        this.#collector.skip(`unresolved ${type}.${path}`);
        return [];
      }
      const parts = other === value
        ? this.#parts(other, otherType, depth + 1)
        : this.#valuesOf(other, otherType);
      return { type: otherType, parts };
    });
  }

  #countUnread(observable: Fields, { type, read }: ObservableType): void {
    for (const [name, value] of Object.entries(observable)) {
      if (FRAME.has(name)) continue;
      const inside = read.get(name);
      if (inside === undefined) this.#collector.skip(`${type}.${safeName(name)}`);
      if (inside === undefined || inside.size === 0) continue;
      for (const item of itemsOf(value)) {
        const names = isFields(item) ? Object.keys(item) : [];
        for (const inner of names.filter((inner) => !inside.has(inner))) {
          this.#collector.skip(`${type}.${name}.${safeName(inner)}`);
        }
      }
    }
  }
}

/** Several attributes are an object, one stands for itself. */
function whole({ type, parts }: Part): Draft | undefined {
  return parts.length < 2 ? parts[0] : { subType: type.object, parts };
}

/** Others in the part they play; what stands beside is with the one it can only belong to. */
function inRole(
  role: string,
  others: readonly (readonly Draft[])[],
  beside: readonly Draft[],
): readonly Draft[] {
  const contents = others.length === 1 ? [[...others[0]!, ...beside]] : [...others, beside];
  return contents.flatMap((parts) => parts.length === 0 ? [] : [{ subType: role, parts }]);
}

/** The type of an address that says none. */
function typeOf(value: Value | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  if (ipAddress(value) !== undefined) return "ipv4-addr";
  if (/^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/.test(value)) return "mac-addr";
  if (value.includes("://")) return "url";
  return value.includes("@") ? "email-addr" : "domain-name";
}
