import type { Document } from "mongodb";
import type { Finding } from "../finding.ts";
import { type Contents, hasSharedHashes, listIndices, missingIndices } from "./indices.ts";
import { inspectKind } from "./inspect_kind.ts";
import { inspectSharding } from "./inspect_sharding.ts";
import { obsoleteIndices } from "./obsolete_indices.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import { withStoreErrors } from "./store_errors.ts";

/** Seconds by which clocks may differ before leases become unreliable. */
const MAX_CLOCK_SKEW = 5;

/** The oldest server on which all tests pass; on 4.4, names that begin with `$` cannot be stored. */
const OLDEST_VERSION = "5.0";

/** Servers on which all tests passed. */
const TRIED_VERSIONS = "5.0.32 and 6.0.5";

/** Free bytes of the server's disk below which nothing more can be stored soon, or at all. */
const SCARCE_BYTES = 5 * 1024 ** 3;
const FULL_BYTES = 512 * 1024 ** 2;

/** Inspects the server and one collection on it without changing anything. */
export async function inspectMongo(
  mongo: Mongo,
  name: CollectionName,
  contents: Contents,
): Promise<Finding[]> {
  return await withStoreErrors(async () => {
    const kind = await inspectKind(mongo, name);
    const isUsable = kind.every(({ level }) => level !== "fail");
    return [
      await inspectServer(mongo),
      ...await inspectReplicaSet(mongo),
      ...await inspectDisk(mongo, name),
      inspectClock(await measureClockSkew(mongo)),
      ...await inspectSharding(mongo, name, contents),
      ...kind,
      ...(isUsable ? [await inspectIndices(mongo, name, contents)] : []),
    ];
  });
}

async function inspectServer({ client, replicated }: Mongo): Promise<Finding> {
  const { version } = await client.db("admin").command({ buildInfo: 1 });
  const old = inspectVersion(version);
  if (old !== undefined) return old;
  if (replicated) {
    return { level: "ok", text: `MongoDB ${version} answers (${OLDEST_VERSION} or newer)` };
  }
  return {
    level: "warn",
    text: `MongoDB ${version} answers, but it is not a replica set: ` +
      "it has no transactions and no change streams",
    advice: "Make it a replica set; one member is enough: mongod --replSet, rs.initiate()",
  };
}

/** Judges the server's version. Exported for tests, which have one server. */
export function inspectVersion(version: string): Finding | undefined {
  if (Number.parseFloat(version) >= Number(OLDEST_VERSION)) return undefined;
  return {
    level: "warn",
    text: `MongoDB ${version} answers, but ${OLDEST_VERSION} is the oldest version that is ` +
      `supported (tried: ${TRIED_VERSIONS}): uploads with names that begin with $ cannot be stored`,
    advice: "Update the server, one major version after the other",
  };
}

/** Says if the server's disk is full. Whoever may not ask gets no finding. */
async function inspectDisk({ client }: Mongo, { db }: CollectionName): Promise<Finding[]> {
  // Of a database that does not exist yet the server says nothing but zeros.
  for (const database of [db, "admin"]) {
    const stats = await client.db(database).command({ dbStats: 1 }).catch(() => undefined);
    if (stats?.["fsTotalSize"] > 0) return judgeDisk(stats!["fsTotalSize"] - stats!["fsUsedSize"]);
  }
  return [];
}

/** Judges the free bytes of the server's disk. Exported for tests, which cannot fill it. */
export function judgeDisk(free: number): Finding[] {
  if (free >= SCARCE_BYTES) return [];
  return [{
    level: free < FULL_BYTES ? "fail" : "warn",
    text:
      `the server's disk has only ${(free / 1024 ** 2).toFixed(0)} MiB left: when it is full, ` +
      "MongoDB stops, and everything waits",
    advice: "Make room on it; archive purge frees space in the lake, which MongoDB uses again",
  }];
}

/**
 * Warns of what keeps writes from being acknowledged by a majority, or reads from seeing them.
 * Whoever may not run these commands gets no finding.
 */
async function inspectReplicaSet({ client, replicated }: Mongo): Promise<Finding[]> {
  if (!replicated) return [];
  const admin = client.db("admin");
  const [hello, options] = await Promise.all([
    admin.command({ hello: 1 }),
    admin.command({ getCmdLineOpts: 1 }).catch(() => ({ parsed: {} })),
  ]);
  return inspectMajority({
    arbiters: hello["arbiters"] ?? [],
    majorityReads: options["parsed"]?.["replication"]?.["enableMajorityReadConcern"] !== false,
  });
}

/** Judges a replica set. Exported for tests, which cannot start every kind of server. */
export function inspectMajority(
  { arbiters, majorityReads }: {
    readonly arbiters: readonly string[];
    readonly majorityReads: boolean;
  },
): Finding[] {
  return [
    ...(arbiters.length === 0 ? [] : [{
      level: "warn" as const,
      text: `the replica set has arbiters (${arbiters.join(", ")}): while a member with data is ` +
        "away, no majority can acknowledge writes, and everything waits",
      advice: "Replace arbiters by members with data",
    }]),
    ...(majorityReads ? [] : [{
      level: "warn" as const,
      text: "enableMajorityReadConcern is false: the server has no change streams, and may undo " +
        "what was read",
      advice:
        "Remove enableMajorityReadConcern from mongod.conf, and restart the members one by one",
    }]),
  ];
}

/** Seconds that the server's clock is ahead of this machine's. */
async function measureClockSkew({ client }: Mongo): Promise<number> {
  const before = Date.now();
  const { localTime } = await client.db("admin").command({ hello: 1 });
  return (localTime.getTime() - (before + Date.now()) / 2) / 1000;
}

/** Judges a clock skew in seconds. Exported for tests, which cannot set a server's clock. */
export function inspectClock(skew: number): Finding {
  if (Math.abs(skew) <= MAX_CLOCK_SKEW) {
    return { level: "ok", text: "the server's clock agrees with this machine's" };
  }
  return {
    level: "warn",
    text: `the clocks of the server and this machine differ by ${Math.abs(skew).toFixed(1)} s`,
    advice: "Leases depend on the clocks: set up NTP on both machines",
  };
}

async function inspectIndices(
  mongo: Mongo,
  name: CollectionName,
  contents: Contents,
): Promise<Finding> {
  return judgeIndices(await listIndices(collectionOf(mongo, name)), name, contents);
}

function judgeIndices(
  present: readonly Document[],
  { db, coll }: CollectionName,
  contents: Contents,
): Finding {
  const missing = missingIndices(contents, present);
  if (missing.length > 0) {
    return {
      level: "warn",
      text: `${db}.${coll} lacks the indices ${missing.join(", ")}`,
      advice: "The program creates them when it starts: archive run, report run",
    };
  }
  const obsolete = contents === "entries" ? [] : obsoleteIndices(present);
  if (obsolete.length > 0) {
    return {
      level: "warn",
      text: `${db}.${coll} has the indices ${obsolete.join(", ")}, which nothing uses any more`,
      advice: "The program drops them when it starts, if it may: archive run, report run",
    };
  }
  if (hasSharedHashes(contents, present)) {
    return { level: "warn", text: `${db}.${coll} has all indices, but documents share a _hash` };
  }
  return { level: "ok", text: `${db}.${coll} has all indices` };
}
