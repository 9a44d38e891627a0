import { damagedInstance } from "../tahoe/instance_fault.ts";
import { fieldFault } from "../tahoe/fault.ts";
import type { Category } from "../tahoe/instance.ts";
import type { Value } from "../tahoe/value.ts";
import type { EdgeEvent } from "./edges.ts";

/** An event as a store has it, whatever its fields contain. */
export type StoredEvent = { readonly [field in keyof EdgeEvent]: unknown };

/**
 * Returns the event of stored fields.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when they have other types.
 */
export function checkedEdgeEvent(stored: StoredEvent): EdgeEvent {
  const { hash, timestamp, category, references } = stored as { [field: string]: Value };
  if (typeof hash !== "string") throw damagedInstance(hash, fieldFault("_hash", hash, "a string"));
  if (typeof timestamp !== "number") {
    throw damagedInstance(hash, fieldFault("timestamp", timestamp, "a number of seconds"));
  }
  if (!Array.isArray(references) || !references.every((each) => typeof each === "string")) {
    throw damagedInstance(hash, fieldFault("_ref", references, "a list of strings"));
  }
  return { hash, timestamp, category: category as Category, references };
}
