import { type Collection, type Document, Int32, Long, ObjectId } from "mongodb";
import { Rejected } from "../errors.ts";
import { collectionOf, type Mongo } from "./open.ts";

/** Bytes in every chunk of a file but the last, as all drivers write them. */
const chunkSize = 255 * 1024;

/** The GridFS bucket `fs` of a database: https://github.com/mongodb/specifications (gridfs-spec). */
export class GridFs {
  readonly #files: Collection<Document>;
  readonly #chunks: Collection<Document>;

  constructor(mongo: Mongo, db: string) {
    this.#files = collectionOf(mongo, { db, coll: "fs.files" });
    this.#chunks = collectionOf(mongo, { db, coll: "fs.chunks" });
  }

  /** Writes files and returns their ids. A file is there only when all of its chunks are. */
  async write(files: readonly { name: string; bytes: Uint8Array }[]): Promise<ObjectId[]> {
    const stored = files.map((file) => ({ ...file, id: new ObjectId() }));
    const chunks = stored.flatMap(({ id, bytes }) => cut(id, bytes));
    if (chunks.length > 0) await this.#chunks.insertMany(chunks);
    await this.#files.insertMany(stored.map(({ id, name, bytes }) => ({
      _id: id,
      filename: name,
      chunkSize: new Int32(chunkSize),
      length: Long.fromNumber(bytes.length),
      uploadDate: new Date(),
    })));
    return stored.map(({ id }) => id);
  }

  /** Bytes of each file by the hex digits of its id; files that are not there are left out. */
  async sizes(ids: readonly ObjectId[]): Promise<Map<string, number>> {
    const found = this.#files.find({ _id: { $in: [...ids] } }, { projection: { length: 1 } });
    const sizes = new Map<string, number>();
    for await (const { _id, length } of found) sizes.set(String(_id), Number(length));
    return sizes;
  }

  /**
   * The files' bytes by the hex digits of their ids, `sizes` being what {@link GridFs.sizes} says
   * of them. In place of one whose chunks do not add up comes a {@link Rejected}, FILE_CORRUPT.
   */
  async read(sizes: ReadonlyMap<string, number>): Promise<Map<string, Uint8Array | Rejected>> {
    const parts = new Map([...sizes].map(([id, size]) => [id, new Joined(size)]));
    const ids = [...sizes.keys()].map((id) => new ObjectId(id));
    const chunks = this.#chunks
      .find({ files_id: { $in: ids } }, { promoteBuffers: true })
      .sort({ files_id: 1, n: 1 });
    for await (const { files_id, n, data } of chunks) parts.get(String(files_id))?.add(n, data);
    return new Map([...parts].map(([id, joined]) => [id, joined.whole() ?? corrupt(id)]));
  }
}

function cut(id: ObjectId, bytes: Uint8Array): Document[] {
  const count = Math.ceil(bytes.length / chunkSize);
  return Array.from({ length: count }, (_, n) => ({
    files_id: id,
    n: new Int32(n),
    data: bytes.subarray(n * chunkSize, (n + 1) * chunkSize),
  }));
}

/** A file put together from its chunks. */
class Joined {
  readonly #bytes: Uint8Array;
  #chunks = 0;
  #filled = 0;
  #broken = false;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  add(n: unknown, data: unknown): void {
    const fits = n === this.#chunks && data instanceof Uint8Array &&
      this.#filled + data.length <= this.#bytes.length;
    if (!fits) {
      this.#broken = true;
      return;
    }
    this.#bytes.set(data, this.#filled);
    this.#filled += data.length;
    this.#chunks++;
  }

  /** Nothing, if chunks were missing, out of order, too long or too short. */
  whole(): Uint8Array | undefined {
    return this.#broken || this.#filled !== this.#bytes.length ? undefined : this.#bytes;
  }
}

function corrupt(id: string): Rejected {
  return new Rejected("FILE_CORRUPT", `The chunks of GridFS file ${id} are not its whole content`);
}
