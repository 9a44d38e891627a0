import { setTimeout as delay } from "node:timers/promises";
import { type ClientSession, type MongoClient, MongoError, MongoNetworkError } from "mongodb";

/** Milliseconds after which conflicts with other writers are no longer waited out. */
const patience = 30_000;

/**
 * Runs `work` in a transaction, again from its start after each conflict with another writer. (The
 * driver's withTransaction would go on for two minutes when the server is away, too.)
 */
export async function inTransaction<T>(
  client: MongoClient,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + patience;
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
        if (!isConflict(error) || Date.now() > deadline) throw error;
      }
      await delay(Math.random() * pause);
    }
  } finally {
    await session.endSession();
  }
}

const duplicateKey = 11000;

/** DuplicateKey comes in place of a WriteConflict where the other writer was done just before. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof MongoError) || error instanceof MongoNetworkError) return false;
  return error.code === duplicateKey ||
    error.code !== undefined && error.hasErrorLabel("TransientTransactionError");
}
