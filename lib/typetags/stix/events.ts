import type { Category, Event } from "../../tahoe/instance.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { readTime } from "../time.ts";
import { type BundleIndex, idOf } from "./bundle.ts";
import { Endpoints } from "./endpoints.ts";
import { EventBuilder } from "./event_builder.ts";
import { categoryOf, Indicators } from "./indicators.ts";
import { allNamesOf, namesOf, stixIdOf } from "./names.ts";
import { COLLECTION_TYPES, NAMED_TYPES, SAMPLES, TIMES } from "./object_types.ts";
import { observableType } from "./observable_types.ts";
import { type Find, Observables } from "./observables.ts";
import { ObservedData } from "./observed.ts";
import { itemsOf } from "./paths.ts";
import { safeName } from "./safe_name.ts";
import { type Draft, draftAttribute } from "./draft.ts";

/** Makes events of the objects of a bundle, and sessions of its reports and groupings. */
export function makeEvents({ objects, byId }: BundleIndex, collector: InstanceCollector): void {
  const maker = new Maker((id) => byId.get(id), collector);
  const isObservable = ({ type }: Fields) => observableType(type) !== undefined;
  const others = objects.filter((object) => !isObservable(object));
  for (const object of others) maker.object(object);
  // Only now it is known which observables are part of other events, and then which events are made.
  for (const observable of objects.filter(isObservable)) maker.observable(observable);
  for (const object of others) maker.session(object);
}

class Maker {
  readonly #find: Find;
  readonly #collector: InstanceCollector;
  readonly #growth: EventBuilder;
  readonly #observables: Observables;
  readonly #indicators: Indicators;
  readonly #observed: ObservedData;
  readonly #ends: Endpoints;
  readonly #events = new Map<Fields, Event>();

  constructor(find: Find, collector: InstanceCollector) {
    this.#find = find;
    this.#collector = collector;
    this.#growth = new EventBuilder(collector);
    this.#observables = new Observables(find, collector);
    this.#indicators = new Indicators(this.#observables, collector);
    this.#observed = new ObservedData(find, this.#observables, collector);
    this.#ends = new Endpoints(find, this.#observables, this.#indicators, collector);
  }

  object(object: Fields): void {
    const type = safeName(object["type"]);
    if (object["revoked"] === true) this.#collector.skip(`revoked ${type}`);
    else if (type === "indicator") this.#indicator(object);
    else if (type === "observed-data") this.#observedData(object);
    else if (type === "sighting") this.#sighting(object);
    else if (type === "relationship") this.#relationship(object);
    else if (NAMED_TYPES.has(type) || COLLECTION_TYPES.has(type)) this.#named(object);
    else this.#collector.skip(type);
  }

  #indicator(indicator: Fields): void {
    const marked = this.#indicators.valuesOf(indicator);
    const sketches = [...namesOf(indicator), ...marked];
    this.#event("indicator", indicator, sketches, categoryOf(indicator), marked);
  }

  #observedData(data: Fields): void {
    const observed = this.#observed.in(data);
    if (observed.length === 0) {
      return this.#collector.skip("observed-data with nothing that is read");
    }
    this.#event("observed_data", data, [...stixIdOf(data), ...observed]);
  }

  #sighting(sighting: Fields): void {
    const { sighting_of_ref: id } = sighting;
    const sighted = typeof id === "string" ? this.#find(id) : undefined;
    const indicator = sighted?.["type"] === "indicator" ? sighted : undefined;
    const marked = indicator ? this.#indicators.valuesOf(indicator) : [];
    const ids = new Set(itemsOf(sighting["observed_data_refs"]));
    const data = [...ids].flatMap((id) => this.#observedIn(id));
    const of = [...this.#ends.endpointOf(id, "sighting.sighting_of_ref"), ...marked, ...data];
    if (of.length === 0) return this.#collector.skip("sighting of nothing that is read");
    const places = itemsOf(sighting["where_sighted_refs"]).flatMap((id) =>
      this.#inRole("where_sighted", id, "sighting.where_sighted_refs")
    );
    const category = indicator ? categoryOf(indicator) : "unknown";
    this.#event("sighting", sighting, [...stixIdOf(sighting), ...of, ...places], category, marked);
  }

  #observedIn(id: Value): readonly Draft[] {
    const data = typeof id === "string" ? this.#find(id) : undefined;
    if (data === undefined) this.#collector.skip("unresolved sighting.observed_data_refs");
    return data === undefined ? [] : this.#observed.in(data);
  }

  #relationship(relationship: Fields): void {
    const { source_ref, target_ref, relationship_type = "" } = relationship;
    const source = this.#inRole("source", source_ref, "relationship.source_ref");
    const target = this.#inRole("target", target_ref, "relationship.target_ref");
    if (source.length === 0 || target.length === 0) {
      return this.#collector.skip("relationship without two ends");
    }
    const type = draftAttribute("relationship_type", relationship_type) ?? [];
    const sketches = [...stixIdOf(relationship), ...source, ...target].concat(type);
    this.#event("stix_relationship", relationship, sketches);
  }

  #inRole(role: string, id: Value | undefined, place: string): readonly Draft[] {
    const parts = this.#ends.endpointOf(id, place);
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
    const id = draftAttribute("stix_id", idOf(collection) ?? "");
    if (own === undefined || id === undefined || !COLLECTION_TYPES.has(type)) return;
    const events = itemsOf(collection["object_refs"]).flatMap((ref) => {
      const found = typeof ref === "string" ? this.#find(ref) : undefined;
      if (found === undefined) this.#collector.skip(`unresolved ${type}.object_refs`);
      return (found && this.#events.get(found)) ?? [];
    });
    const children = [this.#collector.attribute(id.subType, id.data)];
    this.#collector.session(type, children, [own, ...events]);
  }

  #event(
    subType: string,
    object: Fields,
    sketches: readonly Draft[],
    category: Category = "unknown",
    marked: readonly Draft[] = [],
  ): void {
    if (sketches.length === 0) {
      return this.#collector.skip(`${safeName(object["type"])} with nothing that is read`);
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
      this.#collector.skip(`malformed ${type}.${property}`);
    }
    return this.#collector.timestamp;
  }
}
