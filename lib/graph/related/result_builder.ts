import type { Attribute, Event, Instance, Session, TahoeObject } from "../../tahoe/instance.ts";
import type { Value } from "../../tahoe/value.ts";

/** Instance that can be related to an attribute. */
export type RelatedInstance = Attribute | TahoeObject | Event | Session;

/** Makes the data of a report from the instances that a traversal reaches. */
export interface ResultBuilder {
  /**
   * Adds an instance; each is added once.
   *
   * @throws {AnswerTooLarge} when the data is larger than a report can be.
   */
  add(instance: RelatedInstance): void;

  /**
   * Returns the data, after all instances were added.
   *
   * @throws {AnswerTooLarge} when the data is larger than a report can be.
   */
  data(): Value;
}

/** Recognises instances that events and sessions hold. */
export function isMember(instance: Instance): instance is Attribute | TahoeObject {
  return instance.itype === "attribute" || instance.itype === "object";
}
