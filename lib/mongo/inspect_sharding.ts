import { isDeepStrictEqual } from "node:util";
import type { Document } from "mongodb";
import type { Finding } from "../finding.ts";
import type { Contents } from "./indices.ts";
import type { CollectionName, Mongo } from "./open.ts";
import { isUnauthorized } from "./store_errors.ts";

/** The only shard key with which the index on `_hash` can be unique. */
const SHARD_KEY = { _hash: 1 };

/** Says how a collection is distributed over the shards of a cluster; nothing if there is none. */
export async function inspectSharding(
  { client }: Mongo,
  name: CollectionName,
  contents: Contents,
): Promise<Finding[]> {
  const hello = await client.db("admin").command({ hello: 1 });
  if (hello["msg"] !== "isdbgrid") return [];
  const namespace = `${name.db}.${name.coll}`;
  try {
    const collections = client.db("config").collection<{ _id: string; key: Document }>(
      "collections",
    );
    const sharded = await collections.findOne({ _id: namespace });
    return judgeSharding({ namespace, contents, ...(sharded !== null && { key: sharded.key }) });
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    return [{
      level: "warn",
      text: `cannot see how ${namespace} is sharded: the user of the URL may not read config`,
      advice: 'Grant the action "find" on config.collections, or ask an administrator',
    }];
  }
}

/** Judges the shard key of a collection, undefined if it has none. Exported for tests. */
export function judgeSharding(
  { namespace, contents, key }: {
    readonly namespace: string;
    readonly contents: Contents;
    readonly key?: Document;
  },
): Finding[] {
  if (key === undefined) {
    return [{ level: "ok", text: `${namespace} is not sharded: it is on its primary shard` }];
  }
  if (contents !== "instances") {
    return [{
      level: "warn",
      text: `${namespace} is sharded: each claim asks all shards, and may fail`,
      advice: "Shard the archive only (docs/operating.md, sharding)",
    }];
  }
  if (isDeepStrictEqual({ ...key }, SHARD_KEY)) {
    return [{ level: "ok", text: `${namespace} is sharded by _hash` }];
  }
  return [{
    level: "warn",
    text:
      `${namespace} is sharded by ${Object.keys(key).join(", ")}: the index on _hash cannot be ` +
      "unique, and to store or to look up an instance asks all shards",
    advice: `Reshard it: sh.reshardCollection("${namespace}", { _hash: 1 })`,
  }];
}
