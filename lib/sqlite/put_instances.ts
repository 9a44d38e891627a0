import { setTimeout as sleep } from "node:timers/promises";
import { PackedReader } from "../packed/packed_reader.ts";
import type { Instance } from "../tahoe/instance.ts";
import type { PackedInstances } from "../tahoe/instances.ts";
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

/** Most hashes of which a writer keeps something for the next transaction: some 15 MB. */
const MOST_KEPT = 100_000;

/** Puts instances into a collection. What one put looked up serves the next. */
export class InstancePutter {
  readonly #collection: Collection;
  readonly #writer = new ReusedWriter();

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  /** Puts instances in their order, in as many transactions as it takes. */
  put(instances: readonly Instance[]): Promise<void> {
    let next = 0;
    return this.#putAll({
      get atEnd() {
        return next === instances.length;
      },
      putNext: (writer) => writer.put(instances[next++]!),
    });
  }

  /** Does the same with packed instances. */
  putPacked(packed: PackedInstances): Promise<void> {
    const reader = new PackedReader(packed);
    return this.#putAll({
      get atEnd() {
        return reader.atEnd;
      },
      putNext(writer) {
        const document = reader.next();
        writer.putPacked(document, () => reader.unpack(document));
      },
    });
  }

  async #putAll(source: PutSource): Promise<void> {
    const writer = this.#writer;
    try {
      for (let gap = 0; !source.atEnd; gap = GAP_MS) {
        if (gap > 0) await sleep(gap);
        await this.#collection.writeInSteps(function* (open) {
          yield* putSome(writer.begin(open), source);
          writer.end(open);
        });
      }
    } catch (error) {
      // Rows that it knows of are gone.
      writer.drop();
      throw error;
    }
  }
}

/** What is put, one after the other. */
type PutSource = {
  readonly atEnd: boolean;
  putNext(writer: DocumentWriter): void;
};

/** Puts instances until time is up. */
function* putSome(writer: DocumentWriter, source: PutSource): Generator<void> {
  let turn = performance.now();
  const end = turn + TRANSACTION_MS;
  do {
    if (performance.now() > turn + STEP_MS) {
      yield;
      turn = performance.now();
    }
    source.putNext(writer);
  } while (!source.atEnd && performance.now() < end);
}

/** Keeps a writer, and what it has looked up, over transactions between which nobody else writes. */
class ReusedWriter {
  #writer: DocumentWriter | undefined;
  #version = "";

  begin(collection: OpenCollection): DocumentWriter {
    const version = contentVersion(collection.prepare);
    if (this.#writer === undefined || version !== this.#version || this.#writer.size > MOST_KEPT) {
      this.#writer = new DocumentWriter(collection);
    }
    return this.#writer;
  }

  end({ prepare }: OpenCollection): void {
    this.#version = contentVersion(prepare);
  }

  drop(): void {
    this.#writer = undefined;
  }
}

/** A text that changes with every write, by this connection and by others. */
function contentVersion(prepare: Prepare): string {
  const { data_version } = prepare("PRAGMA data_version").get()!;
  const { changes } = prepare("SELECT total_changes() AS changes").get()!;
  return `${data_version} ${changes}`;
}
