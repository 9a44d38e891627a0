import { createHash } from "node:crypto";

/** Bytes at the start of a file, and before a position, that tell whether it is still the same. */
const SAMPLE_BYTES = 512;

/** A file that may have grown, open to read. */
export class GrownFile {
  readonly #file: Deno.FsFile;
  /** Device and inode, which a file keeps when it is renamed. */
  readonly identity: string;
  readonly size: number;
  /** When it was last written to, in milliseconds since 1970. */
  readonly modified: number;

  private constructor(file: Deno.FsFile, { dev, ino, size, mtime }: Deno.FileInfo) {
    this.#file = file;
    this.identity = `${dev}:${ino}`;
    this.size = size;
    this.modified = mtime?.getTime() ?? 0;
  }

  /** Opens a file; undefined if there is none under this path, or it is a folder. */
  static async open(path: string): Promise<GrownFile | undefined> {
    try {
      const file = await Deno.open(path);
      const info = await file.stat();
      if (info.isFile) return new GrownFile(file, info);
      file.close();
      return undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
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

  /** Hash of the bytes at the start of the file and before `end`; it stays while the file grows. */
  async fingerprint(end: number): Promise<string> {
    const start = await this.read(0, Math.min(SAMPLE_BYTES, end));
    const tail = await this.read(Math.max(0, end - SAMPLE_BYTES), end);
    return createHash("sha256").update(start).update(tail).digest("hex");
  }

  close(): void {
    this.#file.close();
  }
}
