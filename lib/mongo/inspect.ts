import type { Document } from "mongodb";
import type { Finding } from "../finding.ts";
import { type Holds, missingIndices, presentIndices, sharesHashes } from "./indices.ts";
import { collectionOf, type Mongo, onServer, type Place } from "./open.ts";

/** Seconds by which clocks may differ before leases become unreliable. */
const SKEW = 5;

/** Looks at the server and at one collection on it, without changing anything. */
export async function inspectMongo(
  mongo: Mongo,
  place: Place,
  holds: Holds,
): Promise<Finding[]> {
  return await onServer(async () => [
    await inspectServer(mongo),
    inspectClock(await clockSkew(mongo)),
    inspectIndices(await presentIndices(collectionOf(mongo, place)), place, holds),
  ]);
}

async function inspectServer({ client, replicated }: Mongo): Promise<Finding> {
  const { version } = await client.db("admin").command({ buildInfo: 1 });
  if (replicated) return { level: "ok", text: `MongoDB ${version} answers` };
  return {
    level: "warn",
    text: `MongoDB ${version} answers, but is no replica set: no transactions, no change streams`,
    advice: "Make it a replica set, of one member if need be: mongod --replSet, rs.initiate()",
  };
}

/** Seconds that the server's clock is ahead of ours. */
async function clockSkew({ client }: Mongo): Promise<number> {
  const before = Date.now();
  const { localTime } = await client.db("admin").command({ hello: 1 });
  return (localTime.getTime() - (before + Date.now()) / 2) / 1000;
}

/** Exported for tests: a server's clock cannot be set by them. */
export function inspectClock(skew: number): Finding {
  if (Math.abs(skew) <= SKEW) return { level: "ok", text: "its clock agrees with this machine's" };
  return {
    level: "warn",
    text: `its clock and this machine's differ by ${Math.abs(skew).toFixed(1)} s`,
    advice: "Leases are told by the clock: set up NTP on both machines",
  };
}

function inspectIndices(
  indices: readonly Document[],
  { db, coll }: Place,
  holds: Holds,
): Finding {
  const missing = missingIndices(holds, indices);
  if (missing.length > 0) {
    return {
      level: "warn",
      text: `${db}.${coll} lacks the indices ${missing.join(", ")}`,
      advice: "The program makes them when it starts: archive run, report run",
    };
  }
  if (sharesHashes(holds, indices)) {
    return { level: "warn", text: `${db}.${coll} has all indices, but documents share a _hash` };
  }
  return { level: "ok", text: `${db}.${coll} has all indices` };
}
