import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { readIpAddress } from "../../indicators/ip_address.ts";
import { type Draft, draftAttribute } from "./draft.ts";
import { type ObservableType, observableType } from "./observable_types.ts";
import { itemsOf, valuesAt } from "./paths.ts";
import { safeName } from "./safe_name.ts";

/** Finds the object with an id, if it is there. */
export type FindObject = (id: string) => Fields | undefined;

/** An observable and how it is read. */
type TypedObservable = { readonly observable: Fields; readonly type: ObservableType };

/** The attributes of an observable, and the drafts of what it refers to. */
type ObservableParts = { readonly type: ObservableType; readonly parts: readonly Draft[] };

/** Levels of embedded observables, as patterns have them: process, traffic, address. */
const MAX_DEPTH = 3;

/** Properties that every object may have and that say nothing about what was observed. */
const COMMON_PROPERTIES = new Set([
  "type",
  "id",
  "spec_version",
  "created",
  "modified",
  "created_by_ref",
  "revoked",
  "labels",
  "object_marking_refs",
  "granular_markings",
  "defanged",
  "confidence",
  "lang",
]);

/** Reads observables, each once. Some refer to others by id; `find` resolves these. */
export class Observables {
  readonly #find: FindObject;
  readonly #collector: InstanceCollector;
  readonly #drafts = new Map<Fields, Draft | undefined>();
  readonly #values = new Map<Fields, readonly Draft[]>();
  readonly #hasReferences = new Map<Fields, boolean>();

  constructor(find: FindObject, collector: InstanceCollector) {
    this.#find = find;
    this.#collector = collector;
  }

  /**
   * What an observable becomes in an event: one attribute, or an object of several and of the
   * observables to which it refers, but not of those to which these refer. Undefined, and counted,
   * if none of its properties is read.
   */
  draft(observable: Fields): Draft | undefined {
    if (!this.#drafts.has(observable)) this.#drafts.set(observable, this.#read(observable));
    return this.#drafts.get(observable);
  }

  /** The objects to which an observable refers by id. */
  referencedBy(observable: Fields): readonly Fields[] {
    const paths = Object.keys(observableType(observable["type"])?.refs ?? {});
    const ids = paths.flatMap((path) => valuesAt(observable, path));
    const found = ids.map((id) => typeof id === "string" ? this.#find(id) : undefined);
    return found.filter((other) => other !== undefined);
  }

  hasReferences(observable: Fields): boolean {
    const known = this.#hasReferences.get(observable);
    const hasReferences = known ?? this.referencedBy(observable).length > 0;
    this.#hasReferences.set(observable, hasReferences);
    return hasReferences;
  }

  #read(observable: Fields): Draft | undefined {
    const name = safeName(observable["type"]);
    const type = observableType(observable["type"]);
    const draft = type && combineParts({ type, parts: this.#draftParts({ observable, type }, 0) });
    if (type === undefined) this.#collector.skip(`${name} where an observable should be`);
    else if (draft === undefined) this.#collector.skip(`${name} with nothing that is read`);
    return draft;
  }

  #draftParts(typed: TypedObservable, depth: number): readonly Draft[] {
    this.#countUnread(typed);
    const values = this.#draftValues(typed);
    if (depth === MAX_DEPTH) return values;
    const others = Object.entries(typed.type.refs).flatMap(([path, ref]) => {
      const found = this.#readReferences(typed, path, depth);
      if (ref.role === undefined) return found.flatMap((other) => combineParts(other) ?? []);
      const beside = Object.entries(ref.beside ?? {}).flatMap(([property, subType]) =>
        this.#draftAttributes(typed, property, subType)
      );
      return draftRole(ref.role, found.map(({ parts }) => parts), beside);
    });
    return [...values, ...others];
  }

  /** The attributes of an observable, without what it refers to. */
  #draftValues(typed: TypedObservable): readonly Draft[] {
    const known = this.#values.get(typed.observable);
    if (known !== undefined) return known;
    const values = Object.entries(typed.type.values).flatMap(([path, subType]) =>
      this.#draftAttributes(typed, path, subType)
    );
    this.#values.set(typed.observable, values);
    return values;
  }

  #draftAttributes(typed: TypedObservable, path: string, subType: string): readonly Draft[] {
    return valuesAt(typed.observable, path).flatMap((value) => {
      const draft = draftAttribute(subType, value);
      if (draft === undefined) this.#collector.skip(`malformed ${typed.type.type}.${path}`);
      return draft ?? [];
    });
  }

  /**
   * Reads the observables at a path. Those found by id give only their attributes, because they are
   * also read by themselves.
   */
  #readReferences(
    { observable, type: { type, refs } }: TypedObservable,
    path: string,
    depth: number,
  ): readonly ObservableParts[] {
    return [...new Set(valuesAt(observable, path))].flatMap((value) => {
      const other = typeof value === "string" ? this.#find(value) : value;
      const otherType = isFields(other)
        ? observableType(other["type"] ?? refs[path]?.type ?? guessType(other["value"]))
        : undefined;
      if (!isFields(other) || otherType === undefined) {
        this.#collector.skip(`unresolved ${type}.${path}`);
        return [];
      }
      const typed = { observable: other, type: otherType };
      const isEmbedded = other === value;
      const parts = isEmbedded ? this.#draftParts(typed, depth + 1) : this.#draftValues(typed);
      return { type: otherType, parts };
    });
  }

  #countUnread({ observable, type: { type, read } }: TypedObservable): void {
    for (const [name, value] of Object.entries(observable)) {
      if (COMMON_PROPERTIES.has(name)) continue;
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

/** Makes an object of several parts; a single part stands for itself. */
function combineParts({ type, parts }: ObservableParts): Draft | undefined {
  return parts.length < 2 ? parts[0] : { subType: type.object, parts };
}

/**
 * Objects for observables that play a role, such as `src`. What is beside them, such as a port, goes
 * into the same object if there is only one that it can belong to, or else into one of its own.
 */
function draftRole(
  role: string,
  others: readonly (readonly Draft[])[],
  beside: readonly Draft[],
): readonly Draft[] {
  const contents = others.length === 1 ? [[...others[0]!, ...beside]] : [...others, beside];
  return contents.flatMap((parts) => parts.length === 0 ? [] : [{ subType: role, parts }]);
}

/** Guesses the type of an address that has no type from its value. */
function guessType(value: Value | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  if (readIpAddress(value) !== undefined) return "ipv4-addr";
  if (/^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/.test(value)) return "mac-addr";
  if (value.includes("://")) return "url";
  return value.includes("@") ? "email-addr" : "domain-name";
}
