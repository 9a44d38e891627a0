import type { AttributeName } from "../tahoe/attribute.ts";
import type { Hash } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";
import { isFields, isScalar, type Scalar, type Value } from "../tahoe/value.ts";
import { UnreadableDocument } from "./unreadable_document.ts";

/**
 * The form of a document, as JSON: what is left of it without the values that are stored elsewhere,
 * or that differ among similar documents. Thousands of documents have the same skeleton. In it stand
 *
 * - for a reference set, `"#"` for all references, `"<3"` for the first three, `"@0,2"` for two;
 * - for an attribute's data inside `data`, the number of the reference to that attribute;
 * - `"h"` for the document's own hash, `"o"` for its orgid, `"=text"` for the text itself;
 * - `null` for a literal: the next of the values that are stored with the document.
 *
 * A document that is not an object, because others damaged it, is a literal itself.
 */
export type Skeleton = null | number | string | readonly Skeleton[] | {
  readonly [name: string]: Skeleton;
};

/** A document without its references, which are stored as ids. */
export type Dismantled = { readonly skeleton: string; readonly literals: readonly Value[] };

/** What {@link dismantle} may leave out of a document. */
export type Known = {
  /** The hash under which the document is stored; undefined if its key does not tell. */
  readonly hash: Hash | undefined;
  /** Number of each reference. */
  readonly numbers: ReadonlyMap<Hash, number>;
  readonly leaves: Leaves;
};

/** The references to attributes whose data a document may take from there. */
export class Leaves {
  readonly #byData = new Map<Scalar, (AttributeName & { readonly number: number })[]>();

  /** Adds an attribute and the number of the reference to it. */
  add({ subType, data }: AttributeName, number: number): void {
    const leaf = { subType, data, number };
    const same = this.#byData.get(data);
    if (same === undefined) this.#byData.set(data, [leaf]);
    else same.push(leaf);
  }

  /** The number of the reference to an attribute; undefined if there is none. */
  find(name: AttributeName): number | undefined {
    // 0 and -0 are the same key of a Map, but not the same attribute.
    return this.#byData.get(name.data)?.find(({ subType, data }) =>
      subType === name.subType && Object.is(data, name.data)
    )?.number;
  }
}

/** Takes a document apart; {@link assemble} is the inverse. */
export function dismantle(document: Value, known: Known): Dismantled {
  if (!isFields(document)) return { skeleton: "null", literals: [document] };
  const literals: Value[] = [];
  const { itype } = document;
  const parts = Object.entries(document).map(([name, value]) =>
    `${quote(name)}:${fieldSkeleton({ name, value, itype }, known, literals)}`
  );
  return { skeleton: `{${parts.join(",")}}`, literals };
}

type Field = { readonly name: string; readonly value: Value; readonly itype: Value | undefined };

function fieldSkeleton({ name, value, itype }: Field, known: Known, literals: Value[]): string {
  if (typeof value === "string") {
    if (name === "itype" || name === "sub_type" || name === "category") return quote(`=${value}`);
    if (name === "_hash" && value === known.hash) return '"h"';
    if (name === "orgid" && itype === "event") return '"o"';
  }
  if (isReferenceSet(name) && Array.isArray(value)) {
    return setSkeleton(value, known) ?? literal(value, literals);
  }
  if (name === "data" && (itype === "event" || itype === "object" || itype === "session")) {
    return dataSkeleton(value, known, literals);
  }
  return literal(value, literals);
}

function isReferenceSet(name: string): boolean {
  return name === "_ref" || name === "_cref" || name === "_ben_ref" || name === "_mal_ref";
}

function literal(value: Value, literals: Value[]): string {
  literals.push(value);
  return "null";
}

/** Undefined if one of the references has no number. */
function setSkeleton(set: readonly Value[], { numbers }: Known): string | undefined {
  const places: number[] = [];
  for (const reference of set) {
    const place = numbers.get(reference as Hash);
    if (place === undefined) return undefined;
    places.push(place);
  }
  if (places.some((place, i) => place !== i)) return `"@${places.join(",")}"`;
  return places.length === numbers.size ? '"#"' : `"<${places.length}"`;
}

function dataSkeleton(data: Value, known: Known, literals: Value[]): string {
  if (!isFields(data)) return literal(data, literals);
  const parts = Object.entries(data).map(([subType, items]) => {
    const part = Array.isArray(items)
      ? `[${items.map((item) => itemSkeleton(subType, item)).join(",")}]`
      : literal(items, literals);
    return `${quote(subType)}:${part}`;
  });
  return `{${parts.join(",")}}`;

  function itemSkeleton(subType: string, item: Value): string {
    if (!isScalar(item)) return dataSkeleton(item, known, literals);
    const number = known.leaves.find({ subType, data: item });
    return number === undefined ? literal(item, literals) : String(number);
  }
}

/** What stands behind the marks of a skeleton. */
export type DocumentParts = {
  readonly hash: Hash;
  readonly orgid: string | undefined;
  readonly references: readonly Hash[];
  /** The data of the attribute with this reference. */
  dataOf(reference: number): Value;
  nextLiteral(): Value;
};

/**
 * Puts a document together again, exactly as it was, in objects without prototypes.
 *
 * @throws {UnreadableDocument} when something is missing that the skeleton names.
 */
export function assemble(skeleton: Skeleton, parts: DocumentParts): Value {
  if (skeleton === null) return parts.nextLiteral();
  if (typeof skeleton === "number") return parts.dataOf(skeleton);
  if (typeof skeleton === "string") return expandMark(skeleton, parts);
  if (Array.isArray(skeleton)) return skeleton.map((item) => assemble(item, parts));
  const fields: Record<string, Value> = Object.create(null);
  for (const [name, part] of Object.entries(skeleton)) fields[name] = assemble(part, parts);
  return fields;
}

function expandMark(mark: string, { hash, orgid, references }: DocumentParts): Value {
  const rest = mark.slice(1);
  switch (mark[0]) {
    case "=":
      return rest;
    case "h":
      return hash;
    case "o":
      if (orgid === undefined) throw new UnreadableDocument("its organisation is not in the file");
      return orgid;
    case "#":
      return references.slice();
    case "<":
      return references.slice(0, Number(rest));
    default:
      return rest.split(",").map((place) => {
        const reference = references[Number(place)];
        if (reference === undefined) throw new UnreadableDocument("document lacks a reference");
        return reference;
      });
  }
}
