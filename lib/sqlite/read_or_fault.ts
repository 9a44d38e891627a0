import { Fault } from "../tahoe/fault.ts";
import { UnreadableDocument } from "../packed/unreadable_document.ts";
import { isSqliteError } from "./store_errors.ts";

/**
 * Runs a function that reads a document, whatever its bytes contain. Returns a fault in place of what
 * the bytes make it throw.
 */
export function readOrFault<T>(read: () => T): T | Fault {
  try {
    return read();
  } catch (error) {
    if (isSqliteError(error)) throw error;
    if (error instanceof UnreadableDocument) return new Fault(error.message);
    return new Fault("document is damaged: its bytes do not make sense");
  }
}
