import { readAhead } from "../read_ahead.ts";
import { FilterThread, type PackedUpload } from "./filter_thread.ts";
import { PartCounts } from "./import_counts.ts";
import { type Imported, importOne, type ImportOptions } from "./import.ts";
import type { InputFile } from "./submit.ts";

/** An input file, and how to import it. */
export type PlannedImport = { readonly input: InputFile; readonly options: ImportOptions };

/** Inputs that are read, parsed and filtered while one before them is stored. */
const AHEAD = 2;

/** Bytes of inputs from which on it pays to start another thread. */
const ENOUGH_BYTES = 1024 ** 2;

/** Most bytes of an input that is filtered ahead: those of 1 MiB of log take some 20 MB. */
const MAX_BYTES = 2 * 1024 ** 2;

/**
 * Imports inputs one after the other. If there is much of them, another thread parses and filters
 * them, on a core of its own.
 */
export async function* importInputs<T extends PlannedImport>(
  inputs: AsyncIterable<T>,
): AsyncIterable<T & { readonly imported: Imported }> {
  using ahead = new Ahead();
  const counts = new PartCounts();
  const started = ahead.start(inputs);
  for await (const { planned, made } of readAhead(started, AHEAD)) {
    const filtered = made ?? ahead.filterInTurn(planned);
    const imported = await importOne(planned.input, planned.options, filtered);
    ahead.note(imported);
    yield { ...planned, imported: countNew(imported, counts) };
  }
}

/** What became of an input, without the events that an earlier part of its file had made. */
export function countNew(imported: Imported, counts: PartCounts): Imported {
  if (!("filtered" in imported) || imported.filtered === undefined) return imported;
  return { ...imported, filtered: counts.next(imported.filtered) };
}

type Started<T> = {
  readonly planned: T;
  /** What was made of it in advance; undefined if nothing is. */
  readonly made?: Promise<PackedUpload | undefined>;
};

/** Decides what the other thread does, and starts it when it has something to do. */
class Ahead implements Disposable {
  #thread: FilterThread | undefined;
  #bytes = 0;
  /** Whether the last input was in the archive: so may be the next, which then is not filtered. */
  #isKnown = false;

  async *start<T extends PlannedImport>(inputs: AsyncIterable<T>): AsyncGenerator<Started<T>> {
    for await (const planned of inputs) {
      const made = this.#filterAhead(planned);
      yield { planned, ...(made !== undefined && { made }) };
    }
  }

  note(imported: Imported): void {
    this.#isKnown = "known" in imported;
  }

  /** Filters an input that is too large to be filtered ahead: this thread stays free for signals. */
  filterInTurn({ input, options }: PlannedImport): Promise<PackedUpload | undefined> | undefined {
    const { data } = input;
    if (data instanceof Error || data.length <= MAX_BYTES) return undefined;
    return this.#isUseless({ input, options }) ? undefined : this.#send({ input, options });
  }

  #filterAhead({ input, options }: PlannedImport): Promise<PackedUpload | undefined> | undefined {
    const { data } = input;
    if (data instanceof Error || this.#isUseless({ input, options })) return undefined;
    this.#bytes += data.length;
    if (this.#bytes <= ENOUGH_BYTES || data.length > MAX_BYTES) return undefined;
    return this.#send({ input, options });
  }

  #isUseless({ options: { filters, upload } }: PlannedImport): boolean {
    return this.#isKnown || !filters.has(upload.typetag);
  }

  #send({ input: { data, ...named }, options: { upload, now } }: PlannedImport) {
    this.#thread ??= new FilterThread();
    const input = { ...named, data: data as Uint8Array };
    return this.#thread.filter({ input, fields: { upload, timestamp: now() } });
  }

  [Symbol.dispose](): void {
    this.#thread?.[Symbol.dispose]();
  }
}
