import type { Fields } from "../../tahoe/value.ts";
import { parseJson, writeJson } from "../../tahoe/json.ts";
import { distinctVersions, objectId } from "../../typetags/stix/bundle.ts";
import { isCollection } from "../../typetags/stix/object_types.ts";
import { observableType } from "../../typetags/stix/observable_types.ts";
import { referredFields } from "../../typetags/stix/referred.ts";
import { findReferences, type StixReferences } from "../../typetags/stix/references.ts";
import { Column } from "./column.ts";
import { CompactLog } from "./compact_log.ts";
import { IdTable } from "./id_table.ts";
import type { Span } from "./json_walker.ts";
import { SpanList } from "./span_list.ts";

/** How objects refer to each other: see {@link StixReferences}. */
type ReferenceKind = keyof StixReferences;

const KINDS: readonly ReferenceKind[] = [
  "shown",
  "ends",
  "observed",
  "samples",
  "objects",
  "observables",
  "inside",
];

/** What is known of an object besides where it is and to what it refers. */
type Traits = {
  readonly isObservable: boolean;
  /** Whether it becomes no event, because its producer takes it back. */
  readonly isRevoked: boolean;
  readonly isObservedData: boolean;
  /** Whether it groups others: what it refers to becomes part of its session. */
  readonly isCollection: boolean;
};

/** Types to which hardly any object refers: what others need of them is read again when it is needed. */
const RARELY_REFERRED: ReadonlySet<unknown> = new Set(["relationship", "sighting"]);

/**
 * The objects of a large bundle by number, in some hundreds of bytes each: where they are, what they
 * are, and the numbers of those to which they refer. Ids that nothing has also have numbers.
 */
export class StixIndex {
  readonly #read: (span: Span) => Fields;
  readonly #ids = new IdTable();
  /** Where each object is; of several versions the latest. */
  readonly #spans = new SpanList();
  /** The versions of objects that have several, latest first. */
  readonly #versions = new Map<number, readonly Span[]>();
  readonly #traits = new Column(new Uint8Array());
  /** The references of all objects, kind and number in one; where those of each object are. */
  readonly #references = new Column(new Uint32Array());
  readonly #referenceSpans = new SpanList();
  readonly #collections = new Map<number, number[]>();
  /** What the events of other objects need of an object. */
  readonly #referredLog = new CompactLog();
  readonly #referred = new SpanList();
  readonly #order = new Column(new Uint32Array());

  constructor(read: (span: Span) => Fields) {
    this.#read = read;
  }

  add(object: Fields, span: Span): void {
    const number = this.#ids.numberOf(objectId(object));
    if (this.has(number)) {
      const known = this.#versions.get(number) ?? [this.#spans.get(number)];
      this.#versions.set(number, [...known, span]);
      return;
    }
    this.#order.push(number);
    this.#describe(number, object, span);
  }

  /** Finds out which versions are the latest, and what is in which report. Call it after the last `add`. */
  complete(): void {
    const growing = [this.#ids, this.#traits, this.#references, this.#referenceSpans, this.#order];
    for (const one of [...growing, this.#spans, this.#referred]) one.trim();
    for (const [number, spans] of this.#versions) this.#addVersions(number, spans);
    for (const number of this.numbers()) {
      const { isCollection, isRevoked } = this.traitsOf(number);
      if (!isCollection || isRevoked) continue;
      for (const other of new Set(this.referencesOf(number, "objects"))) {
        const holders = this.#collections.get(other) ?? [];
        this.#collections.set(other, holders);
        holders.push(number);
      }
    }
  }

  /** Whether there is an object with a number, not only references to one. */
  has(number: number): boolean {
    return this.#spans.get(number).length > 0;
  }

  /** The id of an object; empty if it has none. */
  idOf(number: number): string {
    return this.#ids.idOf(number);
  }

  traitsOf(number: number): Traits {
    return ALL_TRAITS[this.#traits.get(number)]!;
  }

  /** The least number that no object has. */
  get end(): number {
    return this.#spans.length;
  }

  /** Numbers of the objects, in the order in which they came. */
  *numbers(): Iterable<number> {
    for (let at = 0; at < this.#order.length; at++) yield this.#order.get(at);
  }

  /** Where an object is, in all its versions. */
  spansOf(number: number): readonly Span[] {
    return this.#versions.get(number) ?? [this.#spans.get(number)];
  }

  /** The objects to which an object refers in a way, as far as they are there. */
  referencesOf(number: number, kind: ReferenceKind): readonly number[] {
    const found: number[] = [];
    const { start, length } = this.#referenceSpans.get(number);
    for (let at = start; at < start + length; at++) {
      const reference = this.#references.get(at);
      const other = Math.floor(reference / KINDS.length);
      if (KINDS[reference % KINDS.length] === kind && this.has(other)) found.push(other);
    }
    return found;
  }

  /** The reports and groupings that hold an object. */
  collectionsOf(number: number): readonly number[] {
    return this.#collections.get(number) ?? [];
  }

  /** Most bytes of {@link referredTo}. */
  referredSize(number: number): number {
    return this.#referred.get(number).length || this.#spans.get(number).length;
  }

  /** What the events of other objects need of an object, without its `object_refs`. */
  referredTo(number: number): Fields {
    const span = this.#referred.get(number);
    if (span.length === 0) return referredFields(this.#read(this.#spans.get(number)));
    return parseJson(new TextDecoder().decode(this.#referredLog.read(span))) as Fields;
  }

  #describe(number: number, object: Fields, span: Span): void {
    this.#spans.set(number, span);
    this.#traits.set(number, traitsNumber(object));
    this.#setReferences(number, findReferences(object));
    const isCopied = this.traitsOf(number).isObservable || RARELY_REFERRED.has(object["type"]);
    const text = isCopied ? "" : writeJson(referredFields(object));
    this.#referred.set(number, this.#referredLog.append(new TextEncoder().encode(text)));
  }

  #addVersions(number: number, spans: readonly Span[]): void {
    const found = new Map(spans.map((span) => [this.#read(span), span]));
    const [latest, ...others] = distinctVersions([...found.keys()]);
    this.#versions.set(number, [latest!, ...others].map((object) => found.get(object)!));
    this.#describe(number, latest!, found.get(latest!)!);
    const observables = others.filter(({ type }) => observableType(type) !== undefined);
    const references = findReferences(latest!);
    const older = observables.map(findReferences).flatMap((
      { observables, inside },
    ) => [...observables, ...inside]);
    this.#setReferences(number, { ...references, inside: [...references.inside, ...older] });
  }

  #setReferences(number: number, references: StixReferences): void {
    const start = this.#references.length;
    for (const [at, kind] of KINDS.entries()) {
      for (const id of references[kind]) {
        this.#references.push(this.#ids.numberOf(id) * KINDS.length + at);
      }
    }
    this.#referenceSpans.set(number, { start, length: this.#references.length - start });
  }
}

/** All traits that there may be, by their number. */
const ALL_TRAITS: readonly Traits[] = Array.from({ length: 16 }, (_, bits) => ({
  isObservable: (bits & 1) > 0,
  isRevoked: (bits & 2) > 0,
  isObservedData: (bits & 4) > 0,
  isCollection: (bits & 8) > 0,
}));

function traitsNumber(object: Fields): number {
  return Number(observableType(object["type"]) !== undefined) +
    2 * Number(object["revoked"] === true) +
    4 * Number(object["type"] === "observed-data") +
    8 * Number(isCollection(object));
}
