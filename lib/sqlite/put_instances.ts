import { setTimeout as sleep } from "node:timers/promises";
import type { Instance } from "../tahoe/instance.ts";
import type { Collection, OpenCollection } from "./collection.ts";
import { DocumentWriter } from "./documents.ts";
import type { Prepare } from "./sqlite.ts";

/**
 * Milliseconds after which a transaction ends between two documents. A longer one writes fewer pages
 * twice, but all other writers to the file wait for its end.
 */
const TRANSACTION_MS = 120;

/** Milliseconds between two transactions: other processes look for a gap every few milliseconds. */
const GAP_MS = 3;

/** Milliseconds after which timers and I/O get a turn. */
const STEP_MS = 20;

/** Puts instances in their order, in as many transactions as it takes. */
export async function putInstances(
  collection: Collection,
  instances: readonly Instance[],
): Promise<void> {
  const writer = new ReusedWriter();
  let stored = 0;
  while (stored < instances.length) {
    if (stored > 0) await sleep(GAP_MS);
    await collection.writeInSteps(function* (open) {
      stored = yield* putSome(writer.begin(open), instances, stored);
      writer.end(open);
    });
  }
}

/** Puts the instances from an index on until time is up; returns the index of the next one. */
function* putSome(
  writer: DocumentWriter,
  instances: readonly Instance[],
  start: number,
): Generator<void, number> {
  let next = start;
  let turn = performance.now();
  const end = turn + TRANSACTION_MS;
  do {
    if (performance.now() > turn + STEP_MS) {
      yield;
      turn = performance.now();
    }
    writer.put(instances[next++]!);
  } while (next < instances.length && performance.now() < end);
  return next;
}

/** Keeps a writer, and what it has looked up, over transactions between which nobody else writes. */
class ReusedWriter {
  #writer: DocumentWriter | undefined;
  #version = "";

  begin(collection: OpenCollection): DocumentWriter {
    const version = contentVersion(collection.prepare);
    if (this.#writer === undefined || version !== this.#version) {
      this.#writer = new DocumentWriter(collection);
    }
    return this.#writer;
  }

  end({ prepare }: OpenCollection): void {
    this.#version = contentVersion(prepare);
  }
}

/** A text that changes with every write, by this connection and by others. */
function contentVersion(prepare: Prepare): string {
  const { data_version } = prepare("PRAGMA data_version").get()!;
  const { changes } = prepare("SELECT total_changes() AS changes").get()!;
  return `${data_version} ${changes}`;
}
