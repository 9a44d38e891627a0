import { basename, join } from "node:path";
import { identityOf } from "./file_identity.ts";
import { type FolderChange, folderChanges } from "./folder_changes.ts";
import type { Follower, GrowingFile } from "./follower.ts";
import type { Untyped } from "./typed_inputs.ts";
import { type WatchedType, watchedType } from "./watched_type.ts";

/** Milliseconds after which a list that is written without a rest is read all the same. */
const RESTLESS_MS = 10_000;

export type WatchOptions = {
  readonly follower: Follower;
  /** The type of all files; without it each file's own is found out. */
  readonly typetag: string | undefined;
  /** The organisation from which the files are, as the user named it. */
  readonly org: string;
  readonly signal: AbortSignal;
  /** Works, again and again while the database is unavailable. */
  readonly retry: (work: () => Promise<void>) => Promise<void>;
  /** Imports a file as a whole. */
  readonly importWhole: (path: string, typetag: string) => Promise<void>;
  /** Says that the type of a file is not known. */
  readonly refuse: (path: string, why: Untyped) => void;
  /** Says that a file was looked at, and all that it has so far was read or refused. */
  readonly looked: (path: string) => void;
};

/**
 * Imports the files in a folder, and those that arrive or grow later, until the signal aborts. Lines
 * that are added to a file are imported alone; a file that is not read by its lines is imported as a
 * whole, whenever it changed. Ignores folders and hidden files.
 */
export async function watchFolder(folder: string, options: WatchOptions): Promise<void> {
  const { signal, retry } = options;
  const watched = new WatchedFolder(folder, options);
  for await (const changes of folderChanges(folder, signal)) {
    await retry(() => watched.look(changes));
  }
}

/** A file that is there, and what was found out about it. */
type WatchedFile = Omit<FolderChange, "name"> & {
  readonly path: string;
  readonly identity: string;
  /** Tells whether it changed: identity, size and time. */
  readonly version: string;
  /** Whether nothing was written to it yet, as to a log after its rotation. */
  readonly isEmpty: boolean;
  type?: WatchedType;
};

class WatchedFolder {
  readonly #folder: string;
  readonly #options: WatchOptions;
  readonly #paths = new Map<string, string>();
  readonly #identities = new Map<string, string>();
  /** Versions of files that were imported as a whole, or refused, by path. */
  readonly #done = new Map<string, string>();
  /** Names of files that have nothing yet that another file does not have. */
  readonly #copies = new Set<string>();
  /** When files were seen first whose lines are not read yet, by identity. */
  readonly #firstSeen = new Map<string, number>();

  constructor(folder: string, options: WatchOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Imports what is new in the files that changed. */
  async look(changes: readonly FolderChange[]): Promise<void> {
    const changed = new Set(changes.map(({ name }) => name));
    const copies = [...this.#copies].filter((name) => !changed.has(name))
      .map((name) => ({ name, isQuiet: true, isStill: true }));
    const files: WatchedFile[] = [];
    for (const change of [...changes, ...copies]) {
      const file = await this.#stat(change);
      if (file !== undefined) files.push(file);
    }
    const unread = files.filter(({ path, version }) => this.#done.get(path) !== version);
    const growing = unread.map((file) => this.#growing(file));
    const results = await this.#options.follower.advance(growing, this.#paths);
    for (const file of unread) {
      const result = results.get(file.path);
      if (result === "copy") this.#copies.add(basename(file.path));
      else this.#copies.delete(basename(file.path));
      if (result === "read") this.#firstSeen.delete(file.identity);
      if (result === "left" && file.isQuiet && !file.isEmpty) await this.#finish(file);
      if (result !== undefined && file.isQuiet) this.#options.looked(file.path);
    }
  }

  /** What is there under a name; notes which file it is. */
  async #stat({ name, isQuiet, isStill }: FolderChange): Promise<WatchedFile | undefined> {
    const path = join(this.#folder, name);
    const info = name.startsWith(".") ? undefined : await Deno.stat(path).catch(() => undefined);
    const before = this.#identities.get(path);
    if (before !== undefined && this.#paths.get(before) === path) this.#paths.delete(before);
    this.#identities.delete(path);
    if (info === undefined || !info.isFile) {
      this.#copies.delete(name);
      this.#done.delete(path);
      return undefined;
    }
    const identity = identityOf(info);
    this.#identities.set(path, identity);
    this.#paths.set(identity, path);
    const version = `${identity}:${info.size}:${info.mtime?.getTime()}`;
    return { path, identity, version, isEmpty: info.size === 0, isQuiet, isStill };
  }

  #growing(file: WatchedFile): GrowingFile {
    const { path, identity, isQuiet, isStill } = file;
    return {
      path,
      identity,
      ended: isStill,
      begin: async () => {
        const type = file.type = await watchedType(path, this.#options);
        if (type.typetag === null || type.by === "whole") return undefined;
        const isComplete = isStill || (isQuiet && !type.isOpen);
        const isReady = type.by === "lines" || isComplete || this.#isRestless(identity);
        return isReady ? type.typetag : undefined;
      },
    };
  }

  #isRestless(identity: string): boolean {
    const now = Date.now();
    const first = this.#firstSeen.get(identity) ?? now;
    this.#firstSeen.set(identity, first);
    return now - first >= RESTLESS_MS;
  }

  /** Does what remains for a file that is complete, and whose lines are not read by themselves. */
  async #finish({ path, version, type }: WatchedFile): Promise<void> {
    const { importWhole, refuse } = this.#options;
    const found = type ?? await watchedType(path, this.#options);
    if (found.typetag !== null && found.by !== "whole") return;
    if (found.typetag === null) refuse(path, found);
    else await importWhole(path, found.typetag);
    this.#done.set(path, version);
  }
}
