import { v5 } from "uuid";
import { namesByHash, orgsOf } from "../../identity/org.ts";
import type { Category, Hash } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import type { Fields } from "../../tahoe/value.ts";
import { Refusal } from "../refusal.ts";

/** Namespace of the ids of collections. */
const NAMESPACE = "f0f2b9a4-6a49-4b0c-9c53-1d0c6a3c1a57";

/** The form of objects. */
export const STIX_TYPE = "application/stix+json;version=2.1";

/** A collection: some of the events that a user sees. */
export type Collection = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly orgids: readonly Hash[];
  /** Only events of this category, if there is one. */
  readonly category?: Category;
};

/** Lists the collections of a user: one for each organisation, and one for what is malicious. */
export async function collectionsOf(
  identity: InstanceStore,
  userid: Hash,
): Promise<readonly Collection[]> {
  const names = [...namesByHash(await orgsOf(identity, userid))];
  const malicious: Collection = {
    id: v5("malicious", NAMESPACE),
    title: "Malicious",
    description: "The malicious events of all organisations that you belong to",
    orgids: names.map(([hash]) => hash),
    category: "malicious",
  };
  const ofOrgs = names.map(([hash, name]): Collection => ({
    id: v5(hash, NAMESPACE),
    title: name,
    description: `The events of ${name}`,
    orgids: [hash],
  })).sort((a, b) => a.title < b.title ? -1 : 1);
  return [malicious, ...ofOrgs];
}

/**
 * Finds a collection of a user.
 *
 * @throws {Refusal} 404 when there is none of this id that they may see.
 */
export async function findCollection(
  identity: InstanceStore,
  { userid, id }: { readonly userid: Hash; readonly id: string },
): Promise<Collection> {
  const found = (await collectionsOf(identity, userid)).find((each) => each.id === id);
  if (found === undefined) {
    throw new Refusal(404, "There is no such collection that you may see");
  }
  return found;
}

/** Describes a collection as TAXII does. */
export function collectionFields({ id, title, description }: Collection): Fields {
  return {
    id,
    title,
    description,
    can_read: true,
    can_write: false,
    media_types: [STIX_TYPE],
  };
}
