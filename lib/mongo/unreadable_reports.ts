import type { ClientSession, Collection, Document } from "mongodb";
import type { Hash, Instance } from "../tahoe/instance.ts";
import { instanceFault } from "../tahoe/instance_fault.ts";
import { fromBson } from "./bson.ts";

/**
 * Removes what is stored under the hash of a report that is about to be put, and cannot be read as
 * one: it would stay in the place of this and all later answers that are the same.
 */
export async function removeUnreadableReport(
  documents: Collection<Document>,
  _hash: Hash,
  options: { readonly session?: ClientSession } = {},
): Promise<void> {
  const found = await documents.find({ _hash }, { ...options, raw: true }).toArray();
  if (found.length > 0 && !found.some(isReport)) await documents.deleteMany({ _hash }, options);
}

function isReport(bytes: Document): boolean {
  const instance = fromBson(bytes) as unknown as Instance;
  return instanceFault(instance) === undefined && instance.itype === "report";
}
