import { basename, dirname, join, resolve } from "node:path";
import { log } from "../../log.ts";
import { fileFault } from "../../file_fault.ts";
import { sleep } from "../../sleep.ts";
import { identityOf } from "./file_identity.ts";
import type { Follower, GrowingFile } from "./follower.ts";

/** Milliseconds between two looks at a file. */
const POLL_MS = 1000;

/** Milliseconds without a change after which nobody writes to a rotated file any more. */
const QUIET_MS = 2000;

/** Looks at which a file must be missing: between two steps of a rotation there may be none. */
const MISSED_LOOKS = 3;

/** Seconds by which the time of a write may be before the clock's. */
const CLOCK_STEP = 0.1;

/** Rotated files that were compressed: their lines were read before that. */
const COMPRESSED = /\.(?:gz|bz2|xz|zst|lz4|zip)$/i;

export type FollowOptions = {
  readonly follower: Follower;
  /** What the lines are imported as. */
  readonly typetag: string;
  readonly signal: AbortSignal;
  /** Works, again and again while the database is unavailable. */
  readonly retry: (work: () => Promise<void>) => Promise<void>;
  /** Called after the first look: a file that is rotated from then on loses no lines. */
  readonly onFirstLook: () => void;
};

/** Imports the lines that are added to a file, also by other names after it was rotated. */
export async function followFile(
  path: string,
  { follower, typetag, signal, retry, onFirstLook }: FollowOptions,
): Promise<void> {
  const whole = resolve(path);
  const absence = new Absence(path);
  for (let looks = 1; !signal.aborted; looks++) {
    await absence.look();
    await retry(async () => {
      const files = await listFiles(whole, typetag);
      const present = new Map(files.map(({ identity, path }) => [identity, path]));
      await follower.advance(files, present);
    });
    if (looks === 1) onFirstLook();
    await sleep(POLL_MS, signal);
  }
}

/** Says once that a file cannot be read, and once that it can be again. */
class Absence {
  readonly #path: string;
  #looks = MISSED_LOOKS - 1;
  #said: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async look(): Promise<void> {
    const reason = await whyUnreadable(this.#path);
    if (reason === undefined) {
      if (this.#said !== undefined) log.info(`Following ${this.#path} now`);
      this.#said = undefined;
      this.#looks = 0;
    } else if (++this.#looks >= MISSED_LOOKS && reason !== this.#said) {
      log.warn(`Cannot follow ${this.#path} yet: ${reason}. Waiting until it can be read`);
      this.#said = reason;
    }
  }
}

/** Why a file cannot be followed; undefined if it can. */
async function whyUnreadable(path: string): Promise<string | undefined> {
  try {
    const file = await Deno.open(path);
    const { isFile } = await file.stat();
    file.close();
    return isFile ? undefined : "it is not a file";
  } catch (error) {
    return fileFault(error);
  }
}

/** The file, and what rotation may have made of it: the other files of the folder. */
async function listFiles(path: string, typetag: string): Promise<readonly GrowingFile[]> {
  const files: GrowingFile[] = [];
  const [folder, name] = [dirname(path), basename(path)];
  for (const other of new Set([name, ...await namesIn(folder)])) {
    const isItself = other === name;
    if (COMPRESSED.test(other) && !isItself) continue;
    const info = await Deno.stat(join(folder, other)).catch(() => undefined);
    if (info === undefined || !info.isFile) continue;
    const isQuiet = info.mtime !== null && Date.now() - info.mtime.getTime() > QUIET_MS;
    // `cowrie.json.1` and `cowrie.json-20200319` are made of `cowrie.json`; `cowrie.log` is not.
    const isRotated = other.startsWith(name) && /^[.-]/.test(other.slice(name.length));
    files.push({
      path: join(folder, other),
      identity: identityOf(info),
      ended: isQuiet && !isItself,
      begin({ modified, since }) {
        const isNew = isRotated && isQuiet && modified > since - CLOCK_STEP;
        return isItself || isNew ? typetag : undefined;
      },
    });
  }
  return files;
}

/** Names of the entries of a folder; none if it cannot be read. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    const { NotFound, NotADirectory, PermissionDenied } = Deno.errors;
    const isExpected = [NotFound, NotADirectory, PermissionDenied].some((reason) =>
      error instanceof reason
    );
    if (isExpected) return [];
    throw error;
  }
}
