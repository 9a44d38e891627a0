import { BSON, type Document } from "mongodb";
import { checkedEdgeEvent } from "../graph/edge_event.ts";
import type { EdgeEvent } from "../graph/edges.ts";
import { fieldFault } from "../tahoe/fault.ts";
import type { Hash } from "../tahoe/instance.ts";
import { damagedInstance } from "../tahoe/instance_fault.ts";
import { fromBson } from "./bson.ts";

/**
 * Reads the fields of an event that ThreatRank needs.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when it cannot be read.
 */
export function toEdgeEvent({ _hash, timestamp, category, _ref }: Document): EdgeEvent {
  return checkedEdgeEvent({
    hash: checkedHash(_hash),
    timestamp,
    category,
    references: _ref,
  });
}

/**
 * Reads the hash of an event.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when it is not a string.
 */
export function checkedHash(hash: unknown): Hash {
  if (typeof hash === "string") return hash;
  // The driver's own types are not values; bytes are read as values.
  const { _hash } = fromBson(BSON.serialize({ _hash: hash }));
  throw damagedInstance(_hash, fieldFault("_hash", _hash, "a string"));
}
