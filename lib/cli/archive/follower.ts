import type { Position, Positions } from "../../lake/positions.ts";
import { GrownFile } from "./grown_file.ts";

/** Whole lines of a file. */
export type Lines = {
  readonly data: Uint8Array;
  readonly offset: number;
  /** Time of import, the same when the lines are imported again after a crash. */
  readonly timestamp: number;
};

export type FollowerOptions = {
  readonly positions: Positions;
  /** Tells this source from others: what is followed, for whom and as what. */
  readonly source: string;
  /** Imports lines; if it fails, they are read again. */
  readonly importLines: (lines: Lines) => Promise<void>;
  /** Seconds since 1970. */
  readonly now: () => number;
};

/** A file that may have grown, and how to read it. */
export type GrowingFile = {
  readonly path: string;
  /** Whether to read it from its start if it was never seen: `newer` than the first look. */
  readonly unseen: "always" | "newer" | "never";
  /** Whether nobody writes to it any more, so that its last line counts as whole. */
  readonly ended: boolean;
};

/** Most bytes that are imported at once. */
const CHUNK_BYTES = 1024 ** 2;

/** Positions that are kept of files whose content was replaced, in case a copy turns up. */
const KEPT_REPLACED = 8;

/** Seconds by which the time of a write may be before the clock's. */
const CLOCK_STEP = 0.1;

/** Seconds after which the position of a file that is gone is forgotten. */
const FORGOTTEN_AFTER = 30 * 86_400;

const LINE_FEED = 0x0a;

/** Reads files that grow: each whole line once, over restarts, rotation and truncation. */
export class Follower {
  readonly #options: FollowerOptions;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /**
   * Imports the lines of files that were not imported yet. Files that are gone have none; all others
   * of the source must be given, so that a copy is not taken for the continuation of its original.
   */
  async advance(files: readonly GrowingFile[]): Promise<void> {
    const opened: { readonly file: GrownFile; readonly how: GrowingFile }[] = [];
    try {
      for (const how of files) {
        const file = await GrownFile.open(how.path);
        if (file !== undefined) opened.push({ file, how });
      }
      const present = new Set(opened.map(({ file }) => file.identity));
      const known = await this.#forgetOld(present);
      const since = Math.min(this.#options.now(), ...known.map(({ since }) => since));
      const hasPosition = new Set(known.map(({ file }) => file));
      // A file that was truncated comes first: only then may a copy of it be read on.
      opened.sort((a, b) =>
        Number(hasPosition.has(b.file.identity)) - Number(hasPosition.has(a.file.identity))
      );
      for (const { file, how } of opened) {
        const position = await this.#find(file, { how, present, since });
        if (position !== undefined) await this.#read(file, position, how);
      }
    } finally {
      for (const { file } of opened) file.close();
    }
  }

  /** The positions of the source; removes those of files that have been gone for long. */
  async #forgetOld(present: ReadonlySet<string>): Promise<readonly Position[]> {
    const { positions, source, now } = this.#options;
    const known = await positions.list(source);
    const oldest = now() - FORGOTTEN_AFTER;
    const isOld = ({ file, timestamp }: Position) =>
      timestamp < oldest && (file === null || !present.has(file));
    for (const { id } of known.filter(isOld)) await positions.remove(id);
    return known.filter((position) => !isOld(position));
  }

  /** Where to go on reading a file; undefined if it is not to be read. */
  async #find(
    file: GrownFile,
    { how, present, since }: {
      readonly how: GrowingFile;
      readonly present: ReadonlySet<string>;
      readonly since: number;
    },
  ): Promise<Position | undefined> {
    const { positions, source } = this.#options;
    const known = await positions.list(source);
    const own = known.find((position) => position.file === file.identity);
    if (own !== undefined && await holds(file, own)) return own;
    // The file was truncated, or has the inode of one that is gone: a copy may have the rest.
    if (own !== undefined) await this.#markReplaced(own, known);
    else {
      for (const other of known) {
        if (!await holds(file, other)) continue;
        if (other.file !== null && present.has(other.file)) return undefined;
        const moved = { ...other, file: file.identity };
        await positions.save(moved);
        return moved;
      }
      const isNew = how.unseen === "newer" && file.modified / 1000 > since - CLOCK_STEP;
      if (how.unseen !== "always" && !isNew) return undefined;
    }
    const id = crypto.randomUUID();
    const start = { offset: 0, end: 0, timestamp: 0, since, fingerprint: "" };
    return { id, source, file: file.identity, ...start };
  }

  async #markReplaced(own: Position, known: readonly Position[]): Promise<void> {
    const { positions } = this.#options;
    await positions.save({ ...own, file: null });
    const replaced = known.filter(({ file }) => file === null)
      .toSorted((a, b) => b.timestamp - a.timestamp);
    for (const { id } of replaced.slice(KEPT_REPLACED)) await positions.remove(id);
  }

  async #read(file: GrownFile, position: Position, { ended }: GrowingFile): Promise<void> {
    const { positions, importLines, now } = this.#options;
    let at = position;
    while (true) {
      if (at.offset === at.end) {
        const end = await nextEnd(file, at.offset, ended);
        if (end === undefined) return;
        const fingerprint = await file.fingerprint(end);
        at = { ...at, end, fingerprint, timestamp: now() };
        await positions.save(at);
      }
      const { offset, end, timestamp } = at;
      await importLines({ data: await file.read(offset, end), offset, timestamp });
      at = { ...at, offset: end };
      await positions.save(at);
    }
  }
}

/** Whether a file has the content up to the position. */
async function holds(file: GrownFile, { end, fingerprint }: Position): Promise<boolean> {
  return end > 0 && file.size >= end && await file.fingerprint(end) === fingerprint;
}

/** End of the next whole lines after `offset`, as many as fit a chunk; undefined if there is none. */
async function nextEnd(
  file: GrownFile,
  offset: number,
  ended: boolean,
): Promise<number | undefined> {
  for (let size = CHUNK_BYTES;; size *= 2) {
    const bytes = await file.read(offset, Math.min(file.size, offset + size));
    const last = bytes.lastIndexOf(LINE_FEED);
    if (last >= 0) return offset + last + 1;
    if (offset + bytes.length >= file.size || bytes.length < size) {
      return bytes.length > 0 && (ended || isWhole(bytes)) ? offset + bytes.length : undefined;
    }
  }
}

/** Whether a line without an end is complete: a JSON object that was closed. */
function isWhole(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
