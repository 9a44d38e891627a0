import type { Category } from "../../lib/tahoe/instance.ts";
import { type Fields, isFields, isScalar } from "../../lib/tahoe/value.ts";
import type { Member, PageEvent } from "../answer.ts";
import { listOf, numberOf, objectOf } from "./fields.ts";

/** Reads a stored event. */
export function readEvent(event: Fields): PageEvent {
  return {
    hash: String(event["_hash"]),
    subType: String(event["sub_type"]),
    time: numberOf(event["timestamp"]) ?? NaN,
    category: event["category"] as Category,
    orgid: String(event["orgid"]),
    members: listMembers(objectOf(event["data"])),
  };
}

/** Lists the values in the data of an instance, those of its objects as well. */
export function listMembers(data: Fields, inside: readonly string[] = []): Member[] {
  return Object.entries(data).flatMap(([subType, members]) =>
    listOf(members).flatMap((member): Member[] => {
      if (isScalar(member)) return [{ subType, data: member, inside }];
      return isFields(member) ? listMembers(member, [...inside, subType]) : [];
    })
  );
}
