import type { Databases, Opened, Section, Stores } from "./lib/cli/context.ts";
import type { Config, StoreConfig } from "./lib/config.ts";
import type { Finding } from "./lib/finding.ts";

/** What lies in a collection. */
type Holds = "entries" | "instances" | "queries";

/** A database, whichever it is: the one place that knows of more than one. */
type Backend = {
  readonly stores: { readonly [Name in keyof Stores]: (place: StoreConfig) => Stores[Name] };
  /** Makes missing indices; returns what somebody should know. */
  prepare(place: StoreConfig, holds: Holds): Promise<readonly string[]>;
  inspect(place: StoreConfig, holds: Holds): Promise<readonly Finding[]>;
  close(): Promise<void>;
};

/** Which section of the configuration says where a store lies. */
const SECTIONS = {
  lake: "cache",
  archive: "archive",
  graph: "archive",
  edges: "archive",
  identity: "identity",
  inbox: "report",
  reports: "report",
} as const;

const HOLDS: { readonly [section in Section]: Holds } = {
  cache: "entries",
  archive: "instances",
  identity: "instances",
  report: "queries",
};

export const databases: Databases = { open: openStores, inspect: inspectStore, backUp };

/**
 * Opens the stores the configuration names; those with the same URL share a connection. Throws
 * StoreUnavailable if a database is away, ConfigError if it cannot be one.
 */
async function openStores<Name extends keyof Stores>(
  config: Config,
  names: readonly Name[],
): Promise<Opened<Name>> {
  const places = new Map(names.map((name) => [name, config[SECTIONS[name]]]));
  const backends = await openBackends([...places.values()].map(({ url }) => url));
  const stores: Partial<Stores> = Object.fromEntries(
    [...places].map(([name, place]) => [name, backends.get(place.url)!.stores[name](place)]),
  );
  return {
    ...stores as Pick<Stores, Name>,
    async prepare() {
      const sections = [...new Set(names.map((name) => SECTIONS[name]))];
      const notices = await Promise.all(sections.map((section) => {
        const place = config[section];
        return backends.get(place.url)!.prepare(place, HOLDS[section]);
      }));
      return [...new Set(notices.flat())];
    },
    close: () => closeAll(backends),
  };
}

async function openBackends(urls: readonly string[]): Promise<Map<string, Backend>> {
  const backends = new Map<string, Backend>();
  try {
    for (const url of new Set(urls)) backends.set(url, await openBackend(url));
  } catch (error) {
    await closeAll(backends);
    throw error;
  }
  return backends;
}

async function closeAll(backends: ReadonlyMap<string, Backend>): Promise<void> {
  for (const backend of backends.values()) await backend.close();
}

async function inspectStore(config: Config, section: Section): Promise<readonly Finding[]> {
  const place = config[section];
  const backend = await openBackend(place.url);
  try {
    return await backend.inspect(place, HOLDS[section]);
  } finally {
    await backend.close();
  }
}

async function backUp(path: string, copy: string): Promise<void> {
  const { backUpSqlite } = await import("./lib/sqlite/backup.ts");
  await backUpSqlite(path, copy);
}

function openBackend(url: string): Promise<Backend> {
  return url.startsWith("sqlite:") ? openSqlite(url.slice("sqlite:".length)) : openMongo(url);
}

async function openSqlite(path: string): Promise<Backend> {
  const [{ openSqlite }, lake, instances, graph, edges, inbox, { inspectSqlite }] = await Promise
    .all([
      import("./lib/sqlite/open.ts"),
      import("./lib/sqlite/lake.ts"),
      import("./lib/sqlite/instances.ts"),
      import("./lib/sqlite/graph.ts"),
      import("./lib/sqlite/edges.ts"),
      import("./lib/sqlite/inbox.ts"),
      import("./lib/sqlite/inspect.ts"),
    ]);
  const sqlite = openSqlite(path);
  return {
    stores: {
      lake: (place) => new lake.SqliteLake(sqlite, place),
      archive: (place) => new instances.SqliteInstances(sqlite, place),
      graph: (place) => new graph.SqliteGraph(sqlite, place),
      edges: (place) => new edges.SqliteEdges(sqlite, place),
      identity: (place) => new instances.SqliteInstances(sqlite, place),
      inbox: (place) => new inbox.SqliteInbox(sqlite, place),
      reports: (place) => new instances.SqliteInstances(sqlite, place),
    },
    // The schema holds the indices.
    prepare: () => Promise.resolve([]),
    inspect: () => inspectSqlite(sqlite, path),
    close: () => sqlite.close(),
  };
}

/** Loads the driver only now: who uses SQLite needs neither it nor the permissions it asks for. */
async function openMongo(url: string): Promise<Backend> {
  const [{ openMongo }, lake, instances, graph, edges, inbox, indices, { inspectMongo }] =
    await Promise.all([
      import("./lib/mongo/open.ts"),
      import("./lib/mongo/lake.ts"),
      import("./lib/mongo/instances.ts"),
      import("./lib/mongo/graph.ts"),
      import("./lib/mongo/edges.ts"),
      import("./lib/mongo/inbox.ts"),
      import("./lib/mongo/indices.ts"),
      import("./lib/mongo/inspect.ts"),
    ]);
  const mongo = await openMongo(url);
  const waiting: { close(): Promise<void> }[] = [];
  const closedFirst = <Store extends { close(): Promise<void> }>(store: Store) => {
    waiting.push(store);
    return store;
  };
  return {
    stores: {
      lake: (place) => closedFirst(new lake.MongoLake(mongo, place)),
      archive: (place) => new instances.MongoInstances(mongo, place),
      graph: (place) => new graph.MongoGraph(mongo, place),
      edges: (place) => new edges.MongoEdges(mongo, place),
      identity: (place) => new instances.MongoInstances(mongo, place),
      inbox: (place) => closedFirst(new inbox.MongoInbox(mongo, place)),
      reports: (place) => new instances.MongoInstances(mongo, place),
    },
    prepare: (place, holds) => indices.ensureIndices(mongo, place, holds),
    inspect: (place, holds) => inspectMongo(mongo, place, holds),
    async close() {
      for (const store of waiting) await store.close();
      await mongo.close();
    },
  };
}
