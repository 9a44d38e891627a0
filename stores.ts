import type { Databases, Stores } from "./lib/cli/context.ts";
import type { Config, StoreConfig } from "./lib/config.ts";
import type { Finding } from "./lib/finding.ts";
import type { CacheLake } from "./lib/lake/lake.ts";
import type { InstanceStore } from "./lib/tahoe/instances.ts";

/** A database, whichever it is: the one place that knows of more than one. */
type Backend = {
  lake(place: StoreConfig): CacheLake;
  instances(place: StoreConfig): InstanceStore;
  /** Makes missing indices of both; returns what somebody should know. */
  prepareLake(place: StoreConfig): Promise<readonly string[]>;
  prepareInstances(place: StoreConfig): Promise<readonly string[]>;
  inspect(place: StoreConfig, holds: "entries" | "instances"): Promise<readonly Finding[]>;
  close(): Promise<void>;
};

export const databases: Databases = { open: openStores, inspect: inspectStore };

/**
 * Opens the stores the configuration names; those with the same URL share a connection. Throws
 * StoreUnavailable if a database is away, ConfigError if it cannot be one.
 */
async function openStores({ cache, archive }: Config): Promise<Stores> {
  const entries = await openBackend(cache.url);
  const instances = await openSecond(archive.url, cache.url, entries);
  return {
    lake: entries.lake(cache),
    archive: instances.instances(archive),
    async prepare() {
      const notices = await entries.prepareLake(cache);
      return [...notices, ...await instances.prepareInstances(archive)];
    },
    async close() {
      await instances.close();
      if (instances !== entries) await entries.close();
    },
  };
}

async function openSecond(url: string, firstUrl: string, first: Backend): Promise<Backend> {
  if (url === firstUrl) return first;
  try {
    return await openBackend(url);
  } catch (error) {
    await first.close();
    throw error;
  }
}

async function inspectStore(
  place: StoreConfig,
  holds: "entries" | "instances",
): Promise<readonly Finding[]> {
  const backend = await openBackend(place.url);
  try {
    return await backend.inspect(place, holds);
  } finally {
    await backend.close();
  }
}

function openBackend(url: string): Promise<Backend> {
  return url.startsWith("sqlite:") ? openSqlite(url.slice("sqlite:".length)) : openMongo(url);
}

async function openSqlite(path: string): Promise<Backend> {
  const [{ openSqlite }, { SqliteLake }, { SqliteInstances }, { inspectSqlite }] = await Promise
    .all([
      import("./lib/sqlite/open.ts"),
      import("./lib/sqlite/lake.ts"),
      import("./lib/sqlite/instances.ts"),
      import("./lib/sqlite/inspect.ts"),
    ]);
  const sqlite = openSqlite(path);
  return {
    lake: (place) => new SqliteLake(sqlite, place),
    instances: (place) => new SqliteInstances(sqlite, place),
    // The schema holds the indices.
    prepareLake: () => Promise.resolve([]),
    prepareInstances: () => Promise.resolve([]),
    inspect: () => inspectSqlite(sqlite, path),
    close: () => sqlite.close(),
  };
}

/** Loads the driver only now: who uses SQLite needs neither it nor the permissions it asks for. */
async function openMongo(url: string): Promise<Backend> {
  const [{ openMongo }, { MongoLake }, { MongoInstances }, indices, { inspectMongo }] =
    await Promise.all([
      import("./lib/mongo/open.ts"),
      import("./lib/mongo/lake.ts"),
      import("./lib/mongo/instances.ts"),
      import("./lib/mongo/indices.ts"),
      import("./lib/mongo/inspect.ts"),
    ]);
  const mongo = await openMongo(url);
  const lakes: { close(): Promise<void> }[] = [];
  return {
    lake(place) {
      const lake = new MongoLake(mongo, place);
      lakes.push(lake);
      return lake;
    },
    instances: (place) => new MongoInstances(mongo, place),
    prepareLake: (place) => indices.ensureLakeIndices(mongo, place).then(() => []),
    prepareInstances: (place) => indices.ensureInstanceIndices(mongo, place),
    inspect: (place, holds) => inspectMongo(mongo, place, holds),
    async close() {
      for (const lake of lakes) await lake.close();
      await mongo.close();
    },
  };
}
