import type { Category, Event } from "../../tahoe/instance.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import type { Harvest } from "../harvest.ts";
import { readTime } from "../time.ts";
import { type Bundle, idOf } from "./bundle.ts";
import { Ends } from "./ends.ts";
import { Growth } from "./growth.ts";
import { categoryOf, Indicators } from "./indicators.ts";
import { allNamesOf, namesOf, stixIdOf } from "./names.ts";
import { COLLECTION_TYPES, NAMED_TYPES, SAMPLES, TIMES } from "./object_types.ts";
import { observableType } from "./observable_types.ts";
import { type Find, Observables } from "./observables.ts";
import { Observed } from "./observed.ts";
import { itemsOf } from "./paths.ts";
import { safeName } from "./safe_name.ts";
import { leaf, type Sketch } from "./sketch.ts";

/** Makes events of the objects of a bundle, and sessions of its reports and groupings. */
export function makeEvents({ objects, byId }: Bundle, harvest: Harvest): void {
  const maker = new Maker((id) => byId.get(id), harvest);
  const isObservable = ({ type }: Fields) => observableType(type) !== undefined;
  const others = objects.filter((object) => !isObservable(object));
  for (const object of others) maker.object(object);
  // Only now it is known which observables are part of other events, and then which events are made.
  for (const observable of objects.filter(isObservable)) maker.observable(observable);
  for (const object of others) maker.session(object);
}

class Maker {
  readonly #find: Find;
  readonly #harvest: Harvest;
  readonly #growth: Growth;
  readonly #observables: Observables;
  readonly #indicators: Indicators;
  readonly #observed: Observed;
  readonly #ends: Ends;
  readonly #events = new Map<Fields, Event>();

  constructor(find: Find, harvest: Harvest) {
    this.#find = find;
    this.#harvest = harvest;
    this.#growth = new Growth(harvest);
    this.#observables = new Observables(find, harvest);
    this.#indicators = new Indicators(this.#observables, harvest);
    this.#observed = new Observed(find, this.#observables, harvest);
    this.#ends = new Ends(find, this.#observables, this.#indicators, harvest);
  }

  object(object: Fields): void {
    const type = safeName(object["type"]);
    if (object["revoked"] === true) this.#harvest.skip(`revoked ${type}`);
    else if (type === "indicator") this.#indicator(object);
    else if (type === "observed-data") this.#observedData(object);
    else if (type === "sighting") this.#sighting(object);
    else if (type === "relationship") this.#relationship(object);
    else if (NAMED_TYPES.has(type) || COLLECTION_TYPES.has(type)) this.#named(object);
    else this.#harvest.skip(type);
  }

  #indicator(indicator: Fields): void {
    const marked = this.#indicators.valuesOf(indicator);
    const sketches = [...namesOf(indicator), ...marked];
    this.#event("indicator", indicator, sketches, categoryOf(indicator), marked);
  }

  #observedData(data: Fields): void {
    const observed = this.#observed.in(data);
    if (observed.length === 0) return this.#harvest.skip("observed-data with nothing that is read");
    this.#event("observed_data", data, [...stixIdOf(data), ...observed]);
  }

  #sighting(sighting: Fields): void {
    const { sighting_of_ref: id } = sighting;
    const sighted = typeof id === "string" ? this.#find(id) : undefined;
    const indicator = sighted?.["type"] === "indicator" ? sighted : undefined;
    const marked = indicator ? this.#indicators.valuesOf(indicator) : [];
    const ids = new Set(itemsOf(sighting["observed_data_refs"]));
    const data = [...ids].flatMap((id) => this.#observedIn(id));
    const of = [...this.#ends.endOf(id, "sighting.sighting_of_ref"), ...marked, ...data];
    if (of.length === 0) return this.#harvest.skip("sighting of nothing that is read");
    const places = itemsOf(sighting["where_sighted_refs"]).flatMap((id) =>
      this.#inRole("where_sighted", id, "sighting.where_sighted_refs")
    );
    const category = indicator ? categoryOf(indicator) : "unknown";
    this.#event("sighting", sighting, [...stixIdOf(sighting), ...of, ...places], category, marked);
  }

  #observedIn(id: Value): readonly Sketch[] {
    const data = typeof id === "string" ? this.#find(id) : undefined;
    if (data === undefined) this.#harvest.skip("unresolved sighting.observed_data_refs");
    return data === undefined ? [] : this.#observed.in(data);
  }

  #relationship(relationship: Fields): void {
    const { source_ref, target_ref, relationship_type = "" } = relationship;
    const source = this.#inRole("source", source_ref, "relationship.source_ref");
    const target = this.#inRole("target", target_ref, "relationship.target_ref");
    if (source.length === 0 || target.length === 0) {
      return this.#harvest.skip("relationship without two ends");
    }
    const type = leaf("relationship_type", relationship_type) ?? [];
    const sketches = [...stixIdOf(relationship), ...source, ...target].concat(type);
    this.#event("stix_relationship", relationship, sketches);
  }

  #inRole(role: string, id: Value | undefined, place: string): readonly Sketch[] {
    const parts = this.#ends.endOf(id, place);
    const object = typeof id === "string" ? this.#find(id) : undefined;
    if (object && observableType(object["type"]) !== undefined) this.#observed.note(object);
    return parts.length === 0 ? [] : [{ subType: role, parts }];
  }

  #named(object: Fields): void {
    const type = safeName(object["type"]);
    const samples = SAMPLES.flatMap((property) => this.#observed.referred(object, property));
    this.#event(type.replaceAll("-", "_"), object, [...allNamesOf(object), ...samples]);
  }

  /** Makes an event of an observable that no other event holds. */
  observable(observable: Fields): void {
    if (this.#observed.covers(observable)) return;
    const sketch = this.#observables.read(observable);
    if (sketch === undefined) return;
    this.#event("observable", observable, [...stixIdOf(observable), sketch]);
  }

  /** Makes a session of the events of what a report or grouping brings together, and its own. */
  session(collection: Fields): void {
    const own = this.#events.get(collection);
    const type = safeName(collection["type"]);
    const id = leaf("stix_id", idOf(collection) ?? "");
    if (own === undefined || id === undefined || !COLLECTION_TYPES.has(type)) return;
    const events = itemsOf(collection["object_refs"]).flatMap((ref) => {
      const found = typeof ref === "string" ? this.#find(ref) : undefined;
      if (found === undefined) this.#harvest.skip(`unresolved ${type}.object_refs`);
      return (found && this.#events.get(found)) ?? [];
    });
    const children = [this.#harvest.attribute(id.subType, id.data)];
    this.#harvest.session(type, children, [own, ...events]);
  }

  #event(
    subType: string,
    object: Fields,
    sketches: readonly Sketch[],
    category: Category = "unknown",
    marked: readonly Sketch[] = [],
  ): void {
    if (sketches.length === 0) {
      return this.#harvest.skip(`${safeName(object["type"])} with nothing that is read`);
    }
    const seen = { timestamp: this.#timeOf(object), category, marked };
    const event = this.#growth.event(subType, sketches, seen);
    if (event !== undefined) this.#events.set(object, event);
  }

  #timeOf(object: Fields): number {
    const type = safeName(object["type"]);
    const own = TIMES.get(type) ?? observableType(type)?.times ?? [];
    for (const property of [...own, "created", "modified"]) {
      const text = object[property];
      if (text === undefined) continue;
      const time = typeof text === "string" ? readTime(text) : undefined;
      if (time !== undefined) return time;
      this.#harvest.skip(`malformed ${type}.${property}`);
    }
    return this.#harvest.timestamp;
  }
}
