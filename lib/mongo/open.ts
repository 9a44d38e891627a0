import { type Collection, type Document, MongoClient, MongoServerError } from "mongodb";
import { ConfigError } from "../errors.ts";
import { DriverConnection } from "./driver_connection.ts";
import { toStoreError } from "./store_errors.ts";

/** A connection to a MongoDB server, shared by all stores on it. */
export type Mongo = {
  readonly client: MongoClient;
  /** Whether the server has transactions and change streams, as a replica set and mongos have. */
  readonly replicated: boolean;
  close(): Promise<void>;
};

/** Names a collection and its database. */
export type CollectionName = { readonly db: string; readonly coll: string };

/** The server's code AuthenticationFailed. */
const AUTHENTICATION_FAILED = 18;

/**
 * Connects to the server or servers of a `mongodb://` URL.
 *
 * @throws {ConfigError} CONFIG when the URL cannot be read or the server refuses the log-in or is too old.
 * @throws {StoreUnavailable} STORE_UNAVAILABLE when no server answers within 5 seconds.
 */
export async function openMongo(url: string): Promise<Mongo> {
  const client = createClient(url);
  try {
    const hello = await client.db("admin").command({ hello: 1 });
    const replicated = hello["setName"] !== undefined || hello["msg"] === "isdbgrid";
    return { client, replicated, close: () => client.close() };
  } catch (error) {
    await client.close();
    if (error instanceof MongoServerError && error.code === AUTHENTICATION_FAILED) {
      throw new ConfigError([
        "Cannot log in to MongoDB: it refuses the user name or password of the URL",
      ]);
    }
    if (error instanceof Error && /maximum wire version/.test(error.message)) {
      throw new ConfigError([
        "Cannot use the MongoDB server: it is older than 4.4. Update it to 5.0 or newer " +
        "(docs/operating.md, MongoDB versions)",
      ], { cause: error });
    }
    throw toStoreError(error);
  }
}

function createClient(url: string): MongoClient {
  try {
    return parseUrl(url);
  } catch {
    throw new ConfigError([`Cannot read the MongoDB URL: ${describeUrlFault(url)}`]);
  }
}

/** Creates the client for a URL without connecting; the driver throws if it cannot read the URL. */
function parseUrl(url: string): MongoClient {
  const client = new MongoClient(url, {
    appName: "cybexp",
    serverSelectionTimeoutMS: 5000,
    connectTimeoutMS: 5000,
    // Streamed heartbeats, the default, come with pings that measure them: twice the wake-ups of an
    // idle service. After a failure the driver checks the server at once in either mode.
    serverMonitoringMode: "poll",
    heartbeatFrequencyMS: 30_000,
    // The server stores strings that are not UTF-8: one of them would make a whole batch unreadable.
    enableUtf8Validation: false,
    // So would a regular expression that JavaScript cannot read.
    bsonRegExp: true,
    writeConcern: { w: "majority", journal: true, wtimeoutMS: 30_000 },
    // A write that no majority has yet may be rolled back, so nothing is decided on it.
    readConcern: { level: "majority" },
  });
  // Ten times a second the driver checks that the pool has its minimum size, which is 0: most of
  // the cost of an idle service. There are no public options for it, nor for the connections.
  Object.assign(client.options, {
    minPoolSizeCheckFrequencyMS: 60_000,
    connectionType: DriverConnection,
  });
  return client;
}

/** Says what is wrong with a URL without quoting any part of it that may be a password. */
function describeUrlFault(url: string): string {
  const form = "give mongodb://[user:password@]host[:port][,host[:port]…]/[?options]";
  const hosts = /\/\/([^/?]*)/.exec(url)?.[1]?.split(/[:@,]/).filter((part) => part !== "") ?? [];
  try {
    parseUrl(url.replace(/\/\/.*@/s, "//"));
  } catch (error) {
    const { message } = error as Error;
    return hosts.some((part) => message.includes(part)) ? form : message;
  }
  return "its user name or password is not percent-encoded";
}

/** Returns a collection that reads and writes with the concerns that {@link openMongo} sets. */
export function collectionOf(
  { client }: Mongo,
  { db, coll }: CollectionName,
): Collection<Document> {
  return client.db(db).collection(coll);
}
