import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoWriteConcernError,
} from "mongodb";
import { Rejected, StoreUnavailable } from "../errors.ts";

/** Runs `work` on the driver; rethrows its errors as {@link toStoreError} translates them. */
export async function withStoreErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Translates an error of the driver into one that a store throws; returns others unchanged. */
export function toStoreError(thrown: unknown): unknown {
  if (!(thrown instanceof MongoError)) return thrown;
  const error = unwrapBulkWrite(thrown);
  if (NO_SPACE.test(error.message)) {
    return new StoreUnavailable("MongoDB can store nothing: its disk is full. Make room on it", {
      cause: error,
    });
  }
  if (isUnavailable(error)) {
    const advice = error instanceof MongoServerSelectionError
      ? ". Start it, or check mongo_url (config show)"
      : "";
    return new StoreUnavailable(`MongoDB is not available: ${error.message}${advice}`, {
      cause: error,
    });
  }
  if (TOO_LARGE.has(error.code)) {
    return new Rejected("DOCUMENT_TOO_LARGE", "The document would be over 16 MiB in MongoDB");
  }
  if (!(error instanceof MongoServerError)) return error;
  // Neither message nor cause is kept: in them the server quotes documents and whole commands.
  if (error.code === UNAUTHORIZED) return new Error(explainMissingRight(error.message));
  const kind = OTHER_KINDS[Number(error.code)];
  const name = error.codeName ?? kind?.name ?? error.name;
  return new Error(`MongoDB refuses: ${name} (code ${error.code})${kind?.advice ?? ""}`);
}

/** Whether a unique index refused a document. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoError && error.code === DUPLICATE_KEY;
}

/** Whether the server refused a write for what one document contains. */
export function isDocumentFault(code: unknown): boolean {
  return TOO_LARGE.has(code) || DOCUMENT_FAULTS.has(code);
}

/** Whether an error says that the server refused a write for what one document contains. */
export function isDocumentError(error: unknown): error is MongoServerError {
  return error instanceof MongoServerError && isDocumentFault(error.code);
}

/** Whether the server refused a command because the user lacks the right to it. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof MongoError && error.code === UNAUTHORIZED;
}

/** Says which command on which collection the user may not run; takes only names from the message. */
function explainMissingRight(message: string): string {
  const [, db, command = "", coll] =
    /not authorized on ([\w-]+) to execute command \{ (\w+): (?:"([\w.-]+)")?/.exec(message) ?? [];
  if (db === undefined) return "MongoDB refuses: the user of the URL lacks a right (code 13)";
  const where = coll === undefined ? `database ${db}` : `${db}.${coll}`;
  const action = ACTIONS[command] ?? command;
  return `MongoDB refuses ${command} on ${where}: the user of the URL lacks the right. ` +
    `Grant the action "${action}" there (docs/operating.md, rights in MongoDB)`;
}

/**
 * What to do, by the codes with which the server refuses commands on views and time series, and the
 * names of these codes, which the driver leaves out of the errors of bulk writes.
 */
const OTHER_KINDS: { readonly [code: number]: { readonly name: string; readonly advice: string } } =
  {
    72: {
      name: "InvalidOptions",
      advice: ". It may be a time series in place of a collection: doctor names it",
    },
    166: {
      name: "CommandNotSupportedOnView",
      advice: ". A view stands in place of a collection: doctor names it",
    },
  };

/** Actions of privileges whose name is not the command's. */
const ACTIONS: { readonly [command: string]: string } = {
  aggregate: "find",
  createIndexes: "createIndex",
  delete: "remove",
  distinct: "find",
  findAndModify: "update",
  getMore: "find",
};

const DUPLICATE_KEY = 11000;

/** What the server quotes of its system under the code UnknownError. */
const NO_SPACE = /No space left on device/;

/** The server's code Unauthorized. */
const UNAUTHORIZED = 13;

/** BSONObjectTooLarge, and the two codes for an update that would make a document too large. */
const TOO_LARGE = new Set<unknown>([10334, 17419, 17420]);

/** Codes of a write that does not go together with the document that it is to change. */
const DOCUMENT_FAULTS = new Set<unknown>([
  2, // BadValue
  14, // TypeMismatch
  28, // PathNotViable
  121, // DocumentValidationFailure
  171, // CannotIndexParallelArrays
]);

/** Codes that pass by themselves: https://www.mongodb.com/docs/manual/reference/error-codes. */
const TRANSIENT = new Set<unknown>([
  6, // HostUnreachable
  7, // HostNotFound
  43, // CursorNotFound: the server was restarted
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

/** Returns the error of the command inside a bulk write's error. */
function unwrapBulkWrite(error: MongoError): MongoError {
  const inner: unknown = error instanceof MongoBulkWriteError ? error.errorResponse : undefined;
  return inner instanceof MongoError ? inner : error;
}

/** Whether the server could not be reached, or could not do what it usually can. */
function isUnavailable(error: MongoError): boolean {
  return error instanceof MongoNetworkError || error instanceof MongoServerSelectionError ||
    error instanceof MongoWriteConcernError || TRANSIENT.has(error.code) ||
    error.hasErrorLabel("TransientTransactionError") ||
    error.hasErrorLabel("RetryableWriteError") ||
    error.name === "MongoNotConnectedError" || error.name === "MongoTopologyClosedError";
}
