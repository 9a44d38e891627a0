import { setTimeout as delay } from "node:timers/promises";
import { type ClientSession, type MongoClient, MongoError, MongoNetworkError } from "mongodb";
import { isDuplicateKey } from "./store_errors.ts";

/** Milliseconds after which a transaction is not tried again. */
const PATIENCE = 30_000;

/**
 * Runs `work` in a transaction, and again from its start after each conflict with another writer.
 * (The driver's withTransaction would also try for two minutes while the server is away.)
 */
export async function inTransaction<T>(
  client: MongoClient,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + PATIENCE;
  const session = client.startSession();
  try {
    for (let pause = 5;; pause = Math.min(pause * 1.5, 500)) {
      session.startTransaction({
        readConcern: { level: "snapshot" },
        writeConcern: { w: "majority", journal: true },
      });
      try {
        const result = await work(session);
        await session.commitTransaction();
        return result;
      } catch (error) {
        if (session.inTransaction()) await session.abortTransaction();
        if (!isConflict(error) || performance.now() > deadline) throw error;
      }
      await delay(Math.random() * pause);
    }
  } finally {
    await session.endSession();
  }
}

/** If the other writer has just committed, the server reports a duplicate key, not a conflict. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof MongoError) || error instanceof MongoNetworkError) return false;
  return isDuplicateKey(error) ||
    error.code !== undefined && error.hasErrorLabel("TransientTransactionError");
}
