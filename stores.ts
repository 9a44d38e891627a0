import {
  type Databases,
  type OnCopied,
  type OpenOptions,
  type OpenStores,
  type Section,
  SECTIONS,
  type Stores,
} from "./lib/cli/context.ts";
import type { Config, StoreConfig } from "./lib/config.ts";
import { StoreMissing } from "./lib/errors.ts";
import type { Finding } from "./lib/finding.ts";
import type { Contents } from "./lib/mongo/indices.ts";

/** An open database, on MongoDB or SQLite. No other file knows that there are two kinds. */
type Backend = {
  readonly stores: { readonly [Name in keyof Stores]: (config: StoreConfig) => Stores[Name] };
  /** Creates missing indices; returns notices for the operator. */
  prepare(config: StoreConfig, contents: Contents): Promise<readonly string[]>;
  inspect(config: StoreConfig, contents: Contents): Promise<readonly Finding[]>;
  close(): Promise<void>;
};

/** Stores that read documents all over a file, to answer questions: the file is mapped for them. */
const MAPPED: ReadonlySet<keyof Stores> = new Set(["graph", "edges"]);

/**
 * Stores that only one program opens together, and the bytes of SQLite's pages that it caches. Imports
 * hold what they import as well: compared with 64 MiB they take 30 MiB less memory and 3 % more processor
 * time (150,000 events, a file of 87 MB). The door reads from the mapped file, and of large uploads every
 * page would stay in the cache.
 */
const CACHES: readonly { readonly stores: readonly (keyof Stores)[]; readonly bytes: number }[] = [
  { stores: ["positions"], bytes: 16 * 1024 ** 2 },
  { stores: ["lake", "graph"], bytes: 4 * 1024 ** 2 },
];

/** Beginning of the URL of a store in a file. */
const SQLITE = "sqlite:";

const CONTENTS: { readonly [section in Section]: Contents } = {
  cache: "entries",
  archive: "instances",
  identity: "instances",
  report: "queries",
};

export const databases: Databases = { open: openStores, inspect: inspectSection, backUp };

/**
 * Opens stores of a configuration; those with the same URL share a connection.
 *
 * @throws {StoreUnavailable} STORE_UNAVAILABLE when a database cannot be reached.
 * @throws {ConfigError} CONFIG when a URL or a file cannot be that of a database.
 */
async function openStores<Name extends keyof Stores>(
  config: Config,
  names: readonly Name[],
  { create = true, onCopied }: OpenOptions = {},
): Promise<OpenStores<Name>> {
  const sections = [...new Set(names.map((name) => SECTIONS[name]))];
  const opened: ReadonlySet<keyof Stores> = new Set<keyof Stores>(names);
  const cache = CACHES.find(({ stores }) => stores.every((name) => opened.has(name)));
  const backends = await openBackends(sections.map((section) => config[section].url), {
    create,
    mapped: names.some((name) => MAPPED.has(name)),
    ...(cache !== undefined && { cacheBytes: cache.bytes }),
    ...(onCopied !== undefined && { onCopied }),
    defaultUrls: defaultUrls(config),
  });
  const stores: Partial<Stores> = Object.fromEntries(names.map((name) => {
    const storeConfig = config[SECTIONS[name]];
    return [name, backends.get(storeConfig.url)!.stores[name](storeConfig)];
  }));
  return {
    ...stores as Pick<Stores, Name>,
    async prepare() {
      const notices = await Promise.all(sections.map((section) => {
        const storeConfig = config[section];
        return backends.get(storeConfig.url)!.prepare(storeConfig, CONTENTS[section]);
      }));
      return [...new Set(notices.flat())];
    },
    close: () => closeAll(backends),
  };
}

type BackendOptions = {
  /** Whether to create the database if it does not exist. */
  readonly create: boolean;
  /** Whether to map an SQLite file into memory. */
  readonly mapped: boolean;
  /** Bytes of an SQLite file's pages that are kept in memory. */
  readonly cacheBytes?: number;
  readonly onCopied?: OnCopied;
};

async function openBackends(
  urls: readonly string[],
  { defaultUrls, ...options }: BackendOptions & { readonly defaultUrls: ReadonlySet<string> },
): Promise<Map<string, Backend>> {
  const backends = new Map<string, Backend>();
  try {
    for (const url of new Set(urls)) {
      backends.set(url, await openOrPretend(url, { ...options, isDefault: defaultUrls.has(url) }));
    }
  } catch (error) {
    await closeAll(backends);
    throw error;
  }
  return backends;
}

/** URLs of stores that nobody configured. */
function defaultUrls({ settings }: Config): ReadonlySet<string> {
  const urls = settings.filter(({ name, origin }) =>
    name.endsWith(".mongo_url") && origin === "default"
  );
  return new Set(urls.map(({ value }) => String(value)));
}

/**
 * Opens a database. One at the default place that does not exist yet is empty, so commands that do
 * not create it read an empty one in memory; a path that somebody wrote must exist.
 */
async function openOrPretend(
  url: string,
  { isDefault, ...options }: BackendOptions & { readonly isDefault: boolean },
): Promise<Backend> {
  try {
    return await openBackend(url, options);
  } catch (error) {
    if (!isDefault || !(error instanceof StoreMissing)) throw error;
    return await openSqlite(":memory:", options);
  }
}

async function closeAll(backends: ReadonlyMap<string, Backend>): Promise<void> {
  for (const backend of backends.values()) await backend.close();
}

async function inspectSection(
  config: Config,
  section: Section,
  options: Pick<OpenOptions, "onCopied"> = {},
): Promise<readonly Finding[]> {
  const storeConfig = config[section];
  let backend: Backend;
  try {
    backend = await openBackend(storeConfig.url, { ...options, create: false, mapped: false });
  } catch (error) {
    if (error instanceof StoreMissing) await checkCreatable(storeConfig.url);
    if (!(error instanceof StoreMissing && defaultUrls(config).has(storeConfig.url))) throw error;
    return [{
      level: "ok",
      text: `${storeConfig.url} is created by the first command that writes`,
    }];
  }
  try {
    return await backend.inspect(storeConfig, CONTENTS[section]);
  } finally {
    await backend.close();
  }
}

async function checkCreatable(url: string): Promise<void> {
  const { checkCreatable } = await import("./lib/sqlite/check_creatable.ts");
  checkCreatable(url.slice(SQLITE.length));
}

async function backUp(path: string, copy: string): Promise<void> {
  const { backUpSqlite } = await import("./lib/sqlite/backup.ts");
  await backUpSqlite(path, copy);
}

function openBackend(url: string, options: BackendOptions): Promise<Backend> {
  return url.startsWith(SQLITE) ? openSqlite(url.slice(SQLITE.length), options) : openMongo(url);
}

async function openSqlite(path: string, options: BackendOptions): Promise<Backend> {
  const [{ openSqlite }, lake, instances, positions, graph, edges, inbox, { inspectSqlite }] =
    await Promise
      .all([
        import("./lib/sqlite/open.ts"),
        import("./lib/sqlite/lake.ts"),
        import("./lib/sqlite/instances.ts"),
        import("./lib/sqlite/positions.ts"),
        import("./lib/sqlite/graph.ts"),
        import("./lib/sqlite/edges.ts"),
        import("./lib/sqlite/inbox.ts"),
        import("./lib/sqlite/inspect.ts"),
      ]);
  const sqlite = openSqlite(path, options);
  return {
    stores: {
      lake: (config) => new lake.SqliteLake(sqlite, config),
      archive: (config) => new instances.SqliteInstances(sqlite, config),
      positions: (config) => new positions.SqlitePositions(sqlite, config),
      graph: (config) => new graph.SqliteGraph(sqlite, config),
      edges: (config) => new edges.SqliteEdges(sqlite, config),
      identity: (config) => new instances.SqliteInstances(sqlite, config),
      inbox: (config) => new inbox.SqliteInbox(sqlite, config),
      reports: (config) => new instances.SqliteInstances(sqlite, config),
    },
    // The schema includes the indices.
    prepare: () => Promise.resolve([]),
    inspect: () => inspectSqlite(sqlite, path),
    close: () => sqlite.close(),
  };
}

/**
 * Connects to a MongoDB server. The driver is loaded only now: a program on SQLite needs neither the
 * driver nor the permissions that it asks for.
 */
async function openMongo(url: string): Promise<Backend> {
  const [
    { openMongo },
    lake,
    instances,
    positions,
    graph,
    edges,
    inbox,
    indices,
    { inspectMongo },
  ] = await Promise.all([
    import("./lib/mongo/open.ts"),
    import("./lib/mongo/lake.ts"),
    import("./lib/mongo/instances.ts"),
    import("./lib/mongo/positions.ts"),
    import("./lib/mongo/graph.ts"),
    import("./lib/mongo/edges.ts"),
    import("./lib/mongo/inbox.ts"),
    import("./lib/mongo/indices.ts"),
    import("./lib/mongo/inspect.ts"),
  ]);
  const mongo = await openMongo(url);
  const streamingStores: { close(): Promise<void> }[] = [];
  const trackStore = <Store extends { close(): Promise<void> }>(store: Store) => {
    streamingStores.push(store);
    return store;
  };
  return {
    stores: {
      lake: (config) => trackStore(new lake.MongoLake(mongo, config)),
      archive: (config) => new instances.MongoInstances(mongo, config),
      positions: (config) => new positions.MongoPositions(mongo, config),
      graph: (config) => new graph.MongoGraph(mongo, config),
      edges: (config) => new edges.MongoEdges(mongo, config),
      identity: (config) => new instances.MongoInstances(mongo, config),
      inbox: (config) => trackStore(new inbox.MongoInbox(mongo, config)),
      reports: (config) => new instances.MongoInstances(mongo, config),
    },
    prepare: (config, contents) => indices.ensureIndices(mongo, config, contents),
    inspect: (config, contents) => inspectMongo(mongo, config, contents),
    async close() {
      for (const store of streamingStores) await store.close();
      await mongo.close();
    },
  };
}
