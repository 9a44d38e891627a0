import type { Event } from "../../tahoe/instance.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { type BundleIndex, objectId } from "./bundle.ts";
import { type Draft, draftAttribute } from "./draft.ts";
import { Endpoints } from "./endpoints.ts";
import { EventBuilder, type EventDraft } from "./event_builder.ts";
import { eventTime } from "./event_time.ts";
import { categoryOf, Indicators } from "./indicators.ts";
import { draftAllNames, draftNames, draftStixId } from "./names.ts";
import { isCollection, isNamed, SAMPLES } from "./object_types.ts";
import { observableType } from "./observable_types.ts";
import { type FindObject, Observables } from "./observables.ts";
import { ObservedData } from "./observed.ts";
import { itemsOf } from "./paths.ts";
import { shownEnds } from "./references.ts";
import { safeName } from "./safe_name.ts";

/** Makes events of the objects of a bundle, and sessions of its reports and groupings. */
export function makeEvents(
  { objects, referred, byId }: BundleIndex,
  collector: InstanceCollector,
): void {
  const converter = new BundleConverter((id) => byId.get(id), collector);
  const isObservable = ({ type }: Fields) => observableType(type) !== undefined;
  const others = objects.filter((object) => !isObservable(object));
  for (const object of others) converter.addObject(object);
  // Which observables are part of other events is only known now, and which events there are for
  // the sessions only after that.
  for (const observable of objects.filter(isObservable)) converter.addObservable(observable);
  for (const object of others) converter.addSession(object);
  for (const object of referred) converter.continueSession(object);
}

class BundleConverter {
  readonly #find: FindObject;
  readonly #collector: InstanceCollector;
  readonly #builder: EventBuilder;
  readonly #observables: Observables;
  readonly #indicators: Indicators;
  readonly #observed: ObservedData;
  readonly #endpoints: Endpoints;
  readonly #events = new Map<Fields, Event>();

  constructor(find: FindObject, collector: InstanceCollector) {
    const observables = new Observables(find, collector);
    const indicators = new Indicators(observables, collector);
    this.#find = find;
    this.#collector = collector;
    this.#builder = new EventBuilder(collector);
    this.#observables = observables;
    this.#indicators = indicators;
    this.#observed = new ObservedData(find, observables, collector);
    this.#endpoints = new Endpoints({ find, observables, indicators, collector });
  }

  addObject(object: Fields): void {
    const type = safeName(object["type"]);
    if (object["revoked"] === true) this.#collector.skip(`revoked ${type}`);
    else if (type === "indicator") this.#addIndicator(object);
    else if (type === "observed-data") this.#addObservedData(object);
    else if (type === "sighting") this.#addSighting(object);
    else if (type === "relationship") this.#addRelationship(object);
    else if (isNamed(object)) this.#addNamed(object);
    else this.#collector.skip(type);
  }

  #addIndicator(indicator: Fields): void {
    const marked = this.#indicators.draftValues(indicator);
    const children = [...draftNames(indicator), ...marked];
    const category = categoryOf(indicator);
    this.#addEvent(indicator, { subType: "indicator", children, category, marked });
  }

  #addObservedData(data: Fields): void {
    const observed = this.#observed.draftObserved(data);
    if (observed.length === 0) {
      return this.#collector.skip("observed-data with nothing that is read");
    }
    const children = [...draftStixId(data), ...observed];
    this.#addEvent(data, { subType: "observed_data", children });
  }

  #addSighting(sighting: Fields): void {
    const { sighting_of_ref: id } = sighting;
    const found = typeof id === "string" ? this.#find(id) : undefined;
    const indicator = found?.["type"] === "indicator" ? found : undefined;
    const marked = indicator ? this.#indicators.draftValues(indicator) : [];
    const data = [...new Set(itemsOf(sighting["observed_data_refs"]))]
      .flatMap((id) => this.#draftObservedBy(id));
    const endpoint = this.#endpoints.draftEndpoint(id, "sighting.sighting_of_ref");
    const sighted = [...endpoint, ...marked, ...data];
    if (sighted.length === 0) return this.#collector.skip("sighting of nothing that is read");
    const places = itemsOf(sighting["where_sighted_refs"]).flatMap((id) =>
      this.#draftRole("where_sighted", id, "sighting.where_sighted_refs")
    );
    const children = [...draftStixId(sighting), ...sighted, ...places];
    const category = indicator ? categoryOf(indicator) : "unknown";
    this.#addEvent(sighting, { subType: "sighting", children, category, marked });
    this.#recordEnds(sighting);
  }

  #draftObservedBy(id: Value): readonly Draft[] {
    const data = typeof id === "string" ? this.#find(id) : undefined;
    if (data === undefined) this.#collector.skip("unresolved sighting.observed_data_refs");
    return data === undefined ? [] : this.#observed.draftObserved(data);
  }

  #addRelationship(relationship: Fields): void {
    const { source_ref, target_ref, relationship_type = "" } = relationship;
    const source = this.#draftRole("source", source_ref, "relationship.source_ref");
    const target = this.#draftRole("target", target_ref, "relationship.target_ref");
    if (source.length === 0 || target.length === 0) {
      return this.#collector.skip("relationship without two ends");
    }
    const type = draftAttribute("relationship_type", relationship_type) ?? [];
    const children = [...draftStixId(relationship), ...source, ...target].concat(type);
    this.#addEvent(relationship, { subType: "stix_relationship", children });
    this.#recordEnds(relationship);
  }

  /** An object whose sub-type is the role that another object plays; empty if there is none. */
  #draftRole(role: string, id: Value | undefined, property: string): readonly Draft[] {
    const parts = this.#endpoints.draftEndpoint(id, property);
    return parts.length === 0 ? [] : [{ subType: role, parts }];
  }

  #recordEnds(object: Fields): void {
    for (const id of shownEnds(object)) {
      const end = this.#find(id);
      const isObservable = end !== undefined && observableType(end["type"]) !== undefined;
      if (isObservable) this.#observed.recordEndpoint(end);
    }
  }

  #addNamed(object: Fields): void {
    const subType = safeName(object["type"]).replaceAll("-", "_");
    const samples = SAMPLES.flatMap((property) => this.#observed.draftReferenced(object, property));
    this.#addEvent(object, { subType, children: [...draftAllNames(object), ...samples] });
  }

  /** Adds an event of an observable that no other event contains in full. */
  addObservable(observable: Fields): void {
    if (this.#observed.isContained(observable)) return;
    const draft = this.#observables.draft(observable);
    if (draft === undefined) return;
    const children = [...draftStixId(observable), draft];
    this.#addEvent(observable, { subType: "observable", children });
  }

  /** Adds a session of the event of a report or grouping and the events of what it refers to. */
  addSession(collection: Fields): void {
    const own = this.#events.get(collection);
    if (own === undefined || !isCollection(collection)) return;
    for (const ref of itemsOf(collection["object_refs"])) {
      const found = typeof ref === "string" ? this.#find(ref) : undefined;
      const type = safeName(collection["type"]);
      if (found === undefined) this.#collector.skip(`unresolved ${type}.object_refs`);
    }
    this.#addSession(collection, [own, ...this.#eventsOfObjects(collection)]);
  }

  /** Adds the events to the session of a report or grouping which another part has the event of. */
  continueSession(collection: Fields): void {
    if (!isCollection(collection) || collection["revoked"] === true) return;
    const events = this.#eventsOfObjects(collection);
    if (events.length > 0) this.#addSession(collection, events);
  }

  #addSession(collection: Fields, events: readonly Event[]): void {
    const id = draftAttribute("stix_id", objectId(collection) ?? "");
    if (id === undefined) return;
    const children = [this.#collector.attribute(id.subType, id.data)];
    this.#collector.session(safeName(collection["type"]), children, events);
  }

  #eventsOfObjects(collection: Fields): readonly Event[] {
    return itemsOf(collection["object_refs"]).flatMap((ref) => {
      const found = typeof ref === "string" ? this.#find(ref) : undefined;
      return (found && this.#events.get(found)) ?? [];
    });
  }

  #addEvent(object: Fields, parts: Omit<EventDraft, "timestamp">): void {
    if (parts.children.length === 0) {
      return this.#collector.skip(`${safeName(object["type"])} with nothing that is read`);
    }
    const timestamp = eventTime(object, this.#collector);
    const event = this.#builder.build({ ...parts, timestamp });
    if (event !== undefined) this.#events.set(object, event);
  }
}
