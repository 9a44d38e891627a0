import {
  type Collection,
  type Document,
  MongoBulkWriteError,
  MongoClient,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoWriteConcernError,
} from "mongodb";
import { ConfigError, Rejected, StoreUnavailable } from "../errors.ts";

/** A connection to a MongoDB server, for all stores that lie there. */
export type Mongo = {
  readonly client: MongoClient;
  /** Whether the server has transactions and change streams: a replica set or mongos has. */
  readonly replicated: boolean;
  close(): Promise<void>;
};

/** Where a store lies on the server. */
export type Place = { readonly db: string; readonly coll: string };

/**
 * Connects to the server or servers of a `mongodb://` URL. Throws ConfigError if the URL cannot be
 * read or the log-in fails, {@link StoreUnavailable} if nobody answers within 5 seconds.
 */
export async function openMongo(url: string): Promise<Mongo> {
  const client = newClient(url);
  try {
    const hello = await client.db("admin").command({ hello: 1 });
    const replicated = hello["setName"] !== undefined || hello["msg"] === "isdbgrid";
    return { client, replicated, close: () => client.close() };
  } catch (error) {
    await client.close();
    if (error instanceof MongoServerError && error.code === authenticationFailed) {
      throw new ConfigError([
        "Cannot log in to MongoDB: it refuses the user name or password of the URL",
      ]);
    }
    throw fromDriver(error);
  }
}

function newClient(url: string): MongoClient {
  try {
    return clientOf(url);
  } catch {
    throw new ConfigError([`Cannot read the MongoDB URL: ${urlFault(url)}`]);
  }
}

function clientOf(url: string): MongoClient {
  const client = new MongoClient(url, {
    appName: "cybexp",
    serverSelectionTimeoutMS: 5000,
    connectTimeoutMS: 5000,
    // Streamed heartbeats, the default, are timed by pings of their own: twice the wake-ups of an
    // idle service. Whoever meets a failure has the server looked at without waiting for the next.
    serverMonitoringMode: "poll",
    heartbeatFrequencyMS: 30_000,
    writeConcern: { w: "majority", journal: true, wtimeoutMS: 30_000 },
    // What a majority does not have yet may be rolled back: nothing is decided on it.
    readConcern: { level: "majority" },
  });
  // Ten times a second the driver looks whether the pool has its least size, which is none: most of
  // what an idle service would cost. There is no public option for it.
  Object.assign(client.options, { minPoolSizeCheckFrequencyMS: 60_000 });
  return client;
}

/** What is wrong with the URL, without any part of it that may be a password. */
function urlFault(url: string): string {
  const form = "give mongodb://[user:password@]host[:port][,host[:port]…]/[?options]";
  const hosts = /\/\/([^/?]*)/.exec(url)?.[1]?.split(/[:@,]/).filter((part) => part !== "") ?? [];
  try {
    clientOf(url.replace(/\/\/.*@/s, "//"));
  } catch (error) {
    const { message } = error as Error;
    return hosts.some((part) => message.includes(part)) ? form : message;
  }
  return "its user name or password is not percent-encoded";
}

/** The collection there, reading and writing as {@link openMongo} says. */
export function collectionOf({ client }: Mongo, { db, coll }: Place): Collection<Document> {
  return client.db(db).collection(coll);
}

/** Runs `work` with the driver, its errors turned into ours: see {@link fromDriver}. */
export async function onServer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fromDriver(error);
  }
}

const authenticationFailed = 18;

/** BSONObjectTooLarge, and what the server says when an update would make a document so. */
const tooLarge = new Set<unknown>([10334, 17419, 17420]);

/** Server codes that pass by themselves, https://www.mongodb.com/docs/manual/reference/error-codes. */
const passing = new Set<unknown>([
  6, // HostUnreachable
  7, // HostNotFound
  43, // CursorNotFound: the server was started anew
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  262, // ExceededTimeLimit
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
]);

/** The error to throw in place of one of the driver's; others pass through. */
export function fromDriver(thrown: unknown): unknown {
  if (!(thrown instanceof MongoError)) return thrown;
  const error = unwrapped(thrown);
  if (isUnavailable(error)) {
    return new StoreUnavailable(`MongoDB is not available: ${error.message}`, { cause: error });
  }
  if (tooLarge.has(error.code)) {
    return new Rejected("DOCUMENT_TOO_LARGE", "The document would be over 16 MiB in MongoDB");
  }
  if (!(error instanceof MongoServerError)) return error;
  // Neither text nor cause: the server quotes documents and whole commands in them.
  return new Error(`MongoDB refuses: ${error.codeName ?? error.name} (code ${error.code})`);
}

/** A bulk write wraps what befell its command. */
function unwrapped(error: MongoError): MongoError {
  const inner: unknown = error instanceof MongoBulkWriteError ? error.errorResponse : undefined;
  return inner instanceof MongoError ? inner : error;
}

/** Whether the server could not be reached, or could not do what it usually can. */
function isUnavailable(error: MongoError): boolean {
  return error instanceof MongoNetworkError || error instanceof MongoServerSelectionError ||
    error instanceof MongoWriteConcernError || passing.has(error.code) ||
    error.hasErrorLabel("TransientTransactionError") ||
    error.hasErrorLabel("RetryableWriteError") ||
    error.name === "MongoNotConnectedError" || error.name === "MongoTopologyClosedError";
}
