import { basename, dirname, join, resolve } from "node:path";
import { sleep } from "../../sleep.ts";
import { sha256 } from "../../tahoe/hash.ts";
import { Follower, type FollowerOptions, type GrowingFile } from "./follower.ts";

/** Milliseconds between two looks at a file. */
const POLL_MS = 1000;

/** Milliseconds without a change after which nobody writes to a rotated file any more. */
const QUIET_MS = 2000;

/** Rotated files that were compressed: their lines were read before that. */
const COMPRESSED = /\.(?:gz|bz2|xz|zst|lz4|zip)$/i;

export type FollowOptions = Omit<FollowerOptions, "source"> & {
  /** What the lines are imported as, and for whom: part of what tells positions apart. */
  readonly source: readonly string[];
  readonly signal: AbortSignal;
  /** Works, again and again while the database is unavailable. */
  readonly retry: (work: () => Promise<void>) => Promise<void>;
};

/** Imports the lines that are added to a file, also by other names after it was rotated. */
export async function followFile(
  path: string,
  { source, signal, retry, ...options }: FollowOptions,
): Promise<void> {
  const whole = resolve(path);
  const follower = new Follower({ ...options, source: sha256(JSON.stringify([...source, whole])) });
  while (!signal.aborted) {
    await retry(async () => await follower.advance(await listFiles(whole)));
    await sleep(POLL_MS, signal);
  }
}

/** The file, and what rotation may have made of it: the other files of the folder. */
async function listFiles(path: string): Promise<readonly GrowingFile[]> {
  const files: GrowingFile[] = [{ path, unseen: "always", ended: false }];
  const [folder, name] = [dirname(path), basename(path)];
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.isFile || entry.name === name || COMPRESSED.test(entry.name)) continue;
    const other = join(folder, entry.name);
    const isQuiet = await wasQuiet(other);
    // `cowrie.json.1` and `cowrie.json-20200319` are made of `cowrie.json`; `cowrie.log` is not.
    const isRotated = entry.name.startsWith(name) && /^[.-]/.test(entry.name.slice(name.length));
    files.push({ path: other, unseen: isRotated && isQuiet ? "newer" : "never", ended: isQuiet });
  }
  return files;
}

async function wasQuiet(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info?.mtime != null && Date.now() - info.mtime.getTime() > QUIET_MS;
}
