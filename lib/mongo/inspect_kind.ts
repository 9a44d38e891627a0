import type { Document } from "mongodb";
import type { Finding } from "../finding.ts";
import type { CollectionName, Mongo } from "./open.ts";

/**
 * Says what kind of collection a name stands for if nothing can be stored or kept in it. Whoever may
 * not ask gets no finding.
 */
export async function inspectKind(
  { client }: Mongo,
  { db, coll }: CollectionName,
): Promise<Finding[]> {
  const found = await client.db(db).listCollections({ name: coll }).toArray().catch(() => []);
  return found.flatMap((one) => judgeKind(`${db}.${coll}`, one));
}

function judgeKind(namespace: string, { type, options }: Document): Finding[] {
  if (type === "view" || type === "timeseries") {
    return [{
      level: "fail",
      text: `${namespace} is ${type === "view" ? "a view" : "a time series"}: nothing can be ` +
        "changed in it",
      advice: "Name another collection in the configuration, or drop it: it is created anew",
    }];
  }
  if (options?.["capped"] !== true) return [];
  return [{
    level: "warn",
    text: `${namespace} is capped: MongoDB deletes the oldest documents when it is full`,
    advice: "Copy it into a collection that is not capped: db.createCollection, $merge",
  }];
}
