import type { FaultyPosition, Position, Positions } from "../../lake/positions.ts";
import { GrownFile } from "./grown_file.ts";
import { KnownPositions } from "./known_positions.ts";
import { findKnownPrefix } from "./known_prefix.ts";
import { lineStart, nextEnd } from "./line_ends.ts";

/** Whole lines of a file. */
export type Lines = {
  readonly path: string;
  readonly typetag: string;
  readonly data: Uint8Array;
  /** Bytes at the start of the file, at most as many as lie before the lines. */
  readonly head: Uint8Array;
  readonly offset: number;
  /** Upload time, the same when the lines are imported again after a crash. */
  readonly timestamp: number;
};

export type FollowerOptions = {
  readonly positions: Positions;
  /** Tells this source from others: what is followed, for whom and as what. */
  readonly source: string;
  /** Imports lines; if it fails, they are read again. */
  readonly importLines: (lines: Lines) => Promise<void>;
  /** Is told of positions that cannot be read; the lines of their files are imported again. */
  readonly onFaulty: (position: FaultyPosition) => void;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Aborts when no more lines are to be imported. */
  readonly signal: AbortSignal;
};

/** A file that may have grown, and how to read it. */
export type GrowingFile = {
  readonly path: string;
  /** Device and inode. */
  readonly identity: string;
  /** Whether nobody writes to it any more, so that its last line counts as whole. */
  readonly ended: boolean;
  /** The type of a file whose content was never seen; undefined if it is not to be read. */
  readonly begin: (
    file: { readonly modified: number; readonly since: number },
  ) => Promise<string | undefined> | string | undefined;
};

/**
 * What became of a file: its lines were imported, it was left alone, or it is a copy of another file
 * so far, and must be looked at again when that one changes.
 */
export type LookResult = "read" | "left" | "copy";

/** Paths of the files that are there, by device and inode. */
export type PresentFiles = ReadonlyMap<string, string>;

/** Bytes at the start of a file that may have the header of a table. */
const HEAD_BYTES = 64 * 1024;

/** Reads files that grow: each whole line once, over restarts, rotation and truncation. */
export class Follower {
  readonly #options: FollowerOptions;
  #known: KnownPositions | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Imports the lines of files that were not imported yet; says what became of each path. */
  async advance(
    files: readonly GrowingFile[],
    present: PresentFiles,
  ): Promise<ReadonlyMap<string, LookResult>> {
    const { now } = this.#options;
    const known = await this.#load();
    const results = new Map<string, LookResult>();
    try {
      await known.forgetGone(present, now());
      // A file that was truncated comes first: only then may a copy of it be read on.
      const rank = ({ identity }: GrowingFile) => known.of(identity) === undefined ? 1 : 0;
      for (const how of files.toSorted((a, b) => rank(a) - rank(b))) {
        if (this.#options.signal.aborted) break;
        results.set(how.path, await this.#look(how, { known, present }));
      }
      return results;
    } catch (error) {
      // What was written last is not known: next time the store says.
      this.#known = undefined;
      throw error;
    }
  }

  /**
   * Number of bytes at the start of a text that were imported as lines of a file, such as a log
   * before it was compressed.
   */
  async importedBytes(text: AsyncIterable<Uint8Array>): Promise<number> {
    const known = await this.#load();
    const found = await findKnownPrefix(text, known.all());
    if (found === undefined) return 0;
    // It is not forgotten as long as the text is there.
    if (found.offset === found.end) await known.save({ ...found, timestamp: this.#options.now() });
    return found.offset;
  }

  async #load(): Promise<KnownPositions> {
    const { positions, source, onFaulty } = this.#options;
    return this.#known ??= await KnownPositions.load(positions, source, onFaulty);
  }

  async #look(how: GrowingFile, where: Where): Promise<LookResult> {
    const file = await GrownFile.open(how.path);
    if (file === undefined) return "left";
    try {
      const found = await this.#find(file, how, where);
      if (typeof found === "string") return found;
      await this.#read(file, found, { how, known: where.known });
      return "read";
    } finally {
      file.close();
    }
  }

  /** Where to go on reading a file, or what becomes of it instead. */
  async #find(
    file: GrownFile,
    how: GrowingFile,
    { known, present }: Where,
  ): Promise<Position | Exclude<LookResult, "read">> {
    const { source, now } = this.#options;
    const own = known.of(file.identity);
    if (own !== undefined && await file.holds(own)) return own;
    const since = known.since(now());
    // The file was truncated, or has the inode of one that is gone: a copy may have the rest.
    if (own !== undefined) await known.markReplaced(own);
    const original = own === undefined ? await known.findOriginal(file) : undefined;
    const path = original?.file == null ? undefined : present.get(original.file);
    if (original !== undefined && path === undefined) {
      const moved = { ...original, file: file.identity };
      await known.save(moved);
      return moved;
    }
    const typetag = await how.begin({ modified: file.modified, since });
    if (original !== undefined) {
      const isCopied = typetag === undefined || original.offset < original.end ||
        await isCopy(file, path!);
      if (isCopied) return "copy";
      const forked = { ...original, id: crypto.randomUUID(), file: file.identity };
      await known.save(forked);
      return forked;
    }
    if (typetag === undefined) return "left";
    const start = { offset: 0, end: 0, timestamp: 0, since, fingerprint: "" };
    return { id: crypto.randomUUID(), source, file: file.identity, typetag, ...start };
  }

  async #read(
    file: GrownFile,
    position: Position,
    { how, known }: { readonly how: GrowingFile; readonly known: KnownPositions },
  ): Promise<void> {
    const { importLines, now, signal } = this.#options;
    let at = position;
    while (!signal.aborted) {
      if (at.offset === at.end) {
        const offset = await lineStart(file, at.offset);
        const end = await nextEnd(file, offset, how);
        if (end === undefined) return;
        const fingerprint = await file.fingerprint(end);
        at = { ...at, offset, end, fingerprint, timestamp: Math.min(now(), file.modified) };
        await known.save(at);
      }
      const { offset, end, timestamp, typetag } = at;
      const data = await file.read(offset, end);
      const head = await file.read(0, Math.min(offset, HEAD_BYTES));
      // A file may be truncated at any time: its copy has these lines.
      if (data.length < end - offset || !await file.holds(at)) return;
      await importLines({ path: how.path, typetag, data, head, offset, timestamp });
      at = { ...at, offset: end };
      await known.save(at);
    }
  }
}

type Where = { readonly known: KnownPositions; readonly present: PresentFiles };

/** Whether another file begins with all that a file has. */
async function isCopy(file: GrownFile, path: string): Promise<boolean> {
  const original = await GrownFile.open(path);
  if (original === undefined) return true;
  try {
    return await original.holds({ end: file.size, fingerprint: await file.fingerprint(file.size) });
  } finally {
    original.close();
  }
}
