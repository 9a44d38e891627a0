import type { Instance } from "../tahoe/instance.ts";
import type { Collection } from "./collection.ts";
import { DocumentWriter } from "./documents.ts";

/**
 * Milliseconds after which a transaction ends between two documents. A longer one writes fewer pages
 * twice, but all other writers to the file wait for its end.
 */
const TRANSACTION_MS = 100;

/** Milliseconds after which timers and I/O get a turn. */
const STEP_MS = 20;

/** Puts instances in their order, in as many transactions as it takes. */
export async function putInstances(
  collection: Collection,
  instances: readonly Instance[],
): Promise<void> {
  let stored = 0;
  while (stored < instances.length) {
    let next = stored;
    await collection.writeInSteps(function* (collection) {
      const writer = new DocumentWriter(collection);
      const start = performance.now();
      let turn = start;
      do {
        if (performance.now() - turn > STEP_MS) {
          yield;
          turn = performance.now();
        }
        writer.put(instances[next++]!);
      } while (next < instances.length && performance.now() - start < TRANSACTION_MS);
    });
    stored = next;
  }
}
