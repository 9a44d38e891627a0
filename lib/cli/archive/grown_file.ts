import { createHash } from "node:crypto";
import { identityOf } from "./file_identity.ts";

/** Bytes at the start of a file, and before a position, that tell whether it is still the same. */
export const SAMPLE_BYTES = 512;

/** A file that may have grown, open to read. */
export class GrownFile {
  readonly #file: Deno.FsFile;
  #start: Uint8Array | undefined;
  /** Device and inode, which a file keeps when it is renamed. */
  readonly identity: string;
  readonly size: number;
  /** When it was last written to, in seconds since 1970. */
  readonly modified: number;

  private constructor(file: Deno.FsFile, info: Deno.FileInfo) {
    this.#file = file;
    this.identity = identityOf(info);
    this.size = info.size;
    this.modified = (info.mtime?.getTime() ?? 0) / 1000;
  }

  /** Opens a file; undefined if there is none under this path, or it cannot be read. */
  static async open(path: string): Promise<GrownFile | undefined> {
    try {
      const file = await Deno.open(path);
      const info = await file.stat();
      if (info.isFile) return new GrownFile(file, info);
      file.close();
      return undefined;
    } catch (error) {
      const { NotFound, PermissionDenied } = Deno.errors;
      if (error instanceof NotFound || error instanceof PermissionDenied) return undefined;
      throw error;
    }
  }

  /** Reads the bytes from `start` to `end`, or to the end of the file. */
  async read(start: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, end - start));
    await this.#file.seek(start, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < bytes.length) {
      const count = await this.#file.read(bytes.subarray(filled));
      if (count === null) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  /** Hashes of the bytes at the start of the file and before `end`; they stay while it grows. */
  async fingerprint(end: number): Promise<string> {
    const tail = await this.read(Math.max(0, end - SAMPLE_BYTES), end);
    return joinHashes(await this.startHash(end), tail);
  }

  /** Whether the file has the content up to `end` of which a fingerprint was taken. */
  async holds({ end, fingerprint }: { end: number; fingerprint: string }): Promise<boolean> {
    if (end === 0 || this.size < end) return false;
    return await this.fingerprint(end) === fingerprint;
  }

  /** Hash of the bytes at the start of the file, at most of those before `end`. */
  async startHash(end: number): Promise<string> {
    this.#start ??= await this.read(0, Math.min(SAMPLE_BYTES, this.size));
    return hash(this.#start.subarray(0, end));
  }

  close(): void {
    this.#file.close();
  }
}

/** Fingerprint of a text up to a position, of the bytes at its start and of those before it. */
export function fingerprintOf(start: Uint8Array, tail: Uint8Array): string {
  return joinHashes(hash(start), tail);
}

function joinHashes(startHash: string, tail: Uint8Array): string {
  return `${startHash}:${hash(tail)}`;
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}
