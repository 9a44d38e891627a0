import type { Attribute, Event, Instance, Session, TahoeObject } from "../../tahoe/instance.ts";
import type { Value } from "../../tahoe/value.ts";

/** What related instances can be. */
export type RelatedInstance = Attribute | TahoeObject | Event | Session;

/** Makes the data of a report from what was reached. */
export interface ResultBuilder {
  /** Takes one in; none comes twice. Throws AnswerTooLarge. */
  add(instance: RelatedInstance): void;
  /** The data, once all are in. Throws AnswerTooLarge. */
  data(): Value;
}

/** Whether it can be part of an event or session. */
export function isMember(instance: Instance): instance is Attribute | TahoeObject {
  return instance.itype === "attribute" || instance.itype === "object";
}
