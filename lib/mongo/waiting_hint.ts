import { MongoServerError } from "mongodb";
import { WAITING_KEY } from "./indices.ts";

/** The option that makes the server use the index for claims; nothing once it has none. */
export class WaitingHint {
  #missing = false;

  /** Runs a query with the hint, and again without it if the server says that it has no such index. */
  async use<T>(query: (options: { readonly hint?: typeof WAITING_KEY }) => Promise<T>): Promise<T> {
    if (this.#missing) return await query({});
    try {
      return await query({ hint: WAITING_KEY });
    } catch (error) {
      if (!(error instanceof MongoServerError && /\bhint\b/.test(error.message))) throw error;
      this.#missing = true;
      return await query({});
    }
  }
}
