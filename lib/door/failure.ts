import { DamagedInstance, Rejected, StoreUnavailable } from "../errors.ts";
import { Refusal } from "./refusal.ts";

/** Says what a request is told of an error; what only the operator may know stays in the log. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof StoreUnavailable) {
    return new Refusal(500, "Database down", { cause: error, retryAfter: 5 });
  }
  if (error instanceof Rejected && error.code === "DOCUMENT_TOO_LARGE") {
    return new Refusal(413, "Cannot store so much: it is larger than a document may be");
  }
  if (error instanceof DamagedInstance) {
    return new Refusal(500, `ServerError: ${error.message}`, { cause: error });
  }
  return new Refusal(500, "500 Server Error", { cause: error });
}
