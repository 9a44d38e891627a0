import { resolve } from "node:path";
import { backoff } from "../../backoff.ts";
import { errorMessage, Rejected, StoreUnavailable } from "../../errors.ts";
import { type Imported, importOne } from "../../lake/import.ts";
import { PartCounts } from "../../lake/import_counts.ts";
import { countNew } from "../../lake/import_inputs.ts";
import { hasLines, withHeader } from "../../lake/lines.ts";
import type { FaultyPosition, Positions } from "../../lake/positions.ts";
import { splitUpload } from "../../lake/split_upload.ts";
import { log } from "../../log.ts";
import { sleep } from "../../sleep.ts";
import { sha256 } from "../../tahoe/hash.ts";
import { counted } from "../../counted.ts";
import { followFile } from "./follow.ts";
import { Follower, type Lines } from "./follower.ts";
import {
  addTotals,
  formatTotals,
  type ImportTotals,
  logImported,
  noTotals,
} from "./import_result.ts";
import { inputName, nameParts, readCompressed } from "./inputs.ts";
import { type FileOptions, readTyped, type Untyped, untyped, withType } from "./typed_inputs.ts";
import { watchFolder } from "./watch_folder.ts";

export type GrowthOptions = FileOptions & {
  readonly positions: Positions;
  readonly signal: AbortSignal;
};

/** What was imported of files that grow. */
export type GrowthTotals = ImportTotals & { lines: number };

/** What came of a watched folder. */
export type ArrivalTotals = GrowthTotals & {
  /** Number of files that were looked at, or of which something was read, by name. */
  readonly files: number;
  /** Number of those that brought nothing: known before, without a whole line, or copies. */
  readonly unchanged: number;
};

/** Imports the lines that are added to files, until the program is told to stop. */
export async function importGrowth(
  paths: readonly string[],
  { typetag, ...options }: GrowthOptions & { readonly typetag: string },
): Promise<GrowthTotals> {
  const growth = new Growth({ ...options, typetag });
  let unseen = paths.length;
  const onFirstLook = () => {
    if (--unseen === 0) log.info(`Following ${counted(paths.length, "file")}: ${paths.join(", ")}`);
  };
  await Promise.all(paths.map((path) =>
    followFile(path, {
      follower: growth.follower(
        [typetag, resolve(path)],
        ({ offset }) => `${inputName(path)}@${offset}`,
      ),
      typetag,
      signal: options.signal,
      retry: (work) => growth.retry(work),
      onFirstLook,
    })
  ));
  return growth.totals;
}

/** Imports the files of a folder, what is added to them, and those that arrive later. */
export async function importArrivals(
  folder: string,
  options: GrowthOptions,
): Promise<ArrivalTotals> {
  const growth = new Growth(options);
  log.info(`Watching ${folder}`);
  const follower = growth.follower(
    ["watch", options.typetag ?? null, resolve(folder)],
    ({ path, offset }) => offset === 0 ? inputName(path) : `${inputName(path)}@${offset}`,
  );
  await watchFolder(folder, {
    follower,
    typetag: options.typetag,
    org: options.org,
    signal: options.signal,
    retry: (work) => growth.retry(work),
    importWhole: (path, typetag) => growth.importWhole(path, { typetag, follower }),
    refuse: (path, why) => growth.refuse(path, why),
    looked: (path) => growth.looked(path),
  });
  return growth.arrivals();
}

/** Imports lines and files as they come, and counts what they come to. */
class Growth {
  readonly #options: GrowthOptions;
  readonly totals: GrowthTotals = { lines: 0, ...noTotals() };
  /** Ids of positions that cannot be read and were named. */
  readonly #faulty = new Set<string>();
  /** Paths of files that were looked at, and of those that brought something or were refused. */
  readonly #looked = new Set<string>();
  readonly #changed = new Set<string>();

  constructor(options: GrowthOptions) {
    this.#options = options;
  }

  /** What follows one source; `nameOf` is what its lines are called. */
  follower(source: readonly (string | null)[], nameOf: (lines: Lines) => string): Follower {
    const { positions, signal, importOptions: { upload: { orgid, timezone }, now } } =
      this.#options;
    return new Follower({
      positions,
      source: sha256(JSON.stringify([...source, orgid, timezone])),
      now,
      signal,
      onFaulty: (position) => this.#warn(position),
      importLines: (lines) => this.#importLines(lines, nameOf(lines)),
    });
  }

  /** Names a position that cannot be read, once. */
  #warn({ id, reason }: FaultyPosition): void {
    if (this.#faulty.has(id)) return;
    this.#faulty.add(id);
    log.warn(
      `Cannot read the position ${id} of a file that grows: ${reason}. ` +
        "Its file is read from the start again, if it is still there",
    );
  }

  async #importLines(
    { path, data, head, timestamp, typetag }: Lines,
    name: string,
  ): Promise<void> {
    const { importOptions, maxBytes } = this.#options;
    const options = { ...withType(importOptions, typetag), isGrowth: true };
    const whole = withHeader(data, { typetag, head });
    const parts = splitUpload(ReadableStream.from([whole]), { typetag, maxBytes });
    try {
      for await (const part of nameParts(parts, name)) {
        this.#note(await importOne({ ...part, modified: timestamp }, options), { path, typetag });
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#note({ name, refused: error.message }, { path, typetag });
    }
    this.totals.lines += countLines(data);
  }

  /** Imports a file, but not what was imported of it before it was compressed. */
  async importWhole(
    path: string,
    { typetag, follower }: { readonly typetag: string; readonly follower: Follower },
  ): Promise<void> {
    const { signal } = this.#options;
    const counts = new PartCounts();
    const skip = hasLines(typetag) ? await importedBefore(path, follower) : 0;
    for await (const { input, options } of readTyped(path, { ...this.#options, typetag, skip })) {
      if (signal.aborted) return;
      if (skip > 0 && !(input.data instanceof Error) && input.data.length === 0) {
        log.info(`All lines of ${input.name} were imported before it was compressed`);
      } else this.#note(countNew(await importOne(input, options), counts), { path, typetag });
    }
  }

  refuse(path: string, why: Untyped): void {
    this.#note({ name: inputName(path), refused: untyped(why).message }, { path });
  }

  /** Notes that a file was looked at, and all that it has was imported or refused. */
  looked(path: string): void {
    this.#looked.add(path);
  }

  arrivals(): ArrivalTotals {
    const unchanged = this.#looked.difference(this.#changed).size;
    // What is still being written was not looked at to its end.
    const files = this.#looked.union(this.#changed).size;
    return { ...this.totals, files, unchanged };
  }

  /** Counts and logs what became of an input, and its type if that was found out. */
  #note(
    one: Imported,
    { path, typetag }: { readonly path: string; readonly typetag?: string },
  ): void {
    if (!("known" in one)) this.#changed.add(path);
    const isFound = this.#options.typetag === undefined && typetag !== undefined;
    addTotals(this.totals, one);
    logImported({ ...one, ...(isFound && { typetag }) });
  }

  /** Works; as long as the database is unavailable, waits and tries again. */
  async retry(work: () => Promise<void>): Promise<void> {
    const { signal } = this.#options;
    for (let attempts = 0; !signal.aborted; attempts++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        const seconds = Math.min(backoff(attempts), 60);
        log.warn(errorMessage(error), { retryIn: `${seconds.toFixed(1)}s` });
        await sleep(seconds * 1000, signal);
      }
    }
  }
}

/** Number of bytes at the start of a compressed file's text that were imported before. */
async function importedBefore(path: string, follower: Follower): Promise<number> {
  try {
    const text = await readCompressed(path);
    return text === undefined ? 0 : await follower.importedBytes(text);
  } catch (error) {
    // A damaged file is reported when it is imported.
    if (error instanceof Rejected) return 0;
    throw error;
  }
}

const LINE_FEED = 0x0a;

function countLines(data: Uint8Array): number {
  const ends = data.reduce((count, byte) => byte === LINE_FEED ? count + 1 : count, 0);
  return data.at(-1) === LINE_FEED ? ends : ends + 1;
}

/** What `--follow` says at its end. */
export function formatGrowth({ lines, ...totals }: GrowthTotals): string {
  return `Imported ${counted(lines, "line")}: ${formatTotals(totals)}`;
}

/** What `--watch` says at its end. */
export function formatArrivals({ files, unchanged, ...totals }: ArrivalTotals): string {
  const found = `${counted(files, "file")} found`;
  const rest = unchanged === 0 ? "" : `, ${unchanged} of them with nothing new`;
  return `${found}${rest}. ${formatGrowth(totals)}`;
}
