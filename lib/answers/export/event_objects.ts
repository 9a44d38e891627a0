import type { Attribute, Event } from "../../tahoe/instance.ts";
import { EXTENSION, IDENTITY, type StixObject } from "./extension.ts";
import { ObservableSet } from "./observable_set.ts";
import { finishDraft } from "./stix_bundle.ts";
import { observedData } from "./stix_instances.ts";

/** The objects to which those of all events refer. */
export const COMMON_OBJECTS: readonly StixObject[] = [IDENTITY, EXTENSION];

/** The STIX objects of an event, and the attributes of its observables, by their ids. */
export type EventObjects = {
  readonly objects: readonly StixObject[];
  readonly attributes: ReadonlyMap<string, Attribute>;
};

/**
 * Makes the STIX objects of one event: its observables, then its observed data. They are those of a
 * bundle with this event, but its version does not depend on when it was asked for.
 */
export function eventObjects(event: Event): EventObjects {
  const observables = new ObservableSet();
  const draft = observedData(event, observables);
  const objects = [...observables.all, finishDraft(draft, event.timestamp)];
  return { objects, attributes: observables.attributes };
}
