import { type Collection, type Document, Int32, Long, ObjectId } from "mongodb";
import { type ChunkLimits, chunksByBytes } from "../chunks.ts";
import { Rejected } from "../errors.ts";
import { fromBson, splitBinary } from "./bson.ts";
import { objectIdHex } from "./entry.ts";
import { bounded } from "./expressions.ts";
import { collectionOf, type Mongo } from "./open.ts";

/** Bytes of every chunk of a file except the last: the default of all drivers. */
const CHUNK_SIZE = 255 * 1024;

/** A database's GridFS bucket `fs`: https://github.com/mongodb/specifications (gridfs-spec). */
export class GridFs {
  readonly #files: Collection<Document>;
  readonly #chunks: Collection<Document>;

  constructor(mongo: Mongo, db: string) {
    this.#files = collectionOf(mongo, { db, coll: "fs.files" });
    this.#chunks = collectionOf(mongo, { db, coll: "fs.chunks" });
  }

  /** Writes files and returns their ids. A file becomes visible only after all of its chunks. */
  async write(files: readonly { name: string; bytes: Uint8Array }[]): Promise<ObjectId[]> {
    const stored = files.map((file) => ({ ...file, id: new ObjectId() }));
    for await (const chunks of chunksByBytes(toChunks(stored), AT_ONCE)) {
      await this.#chunks.insertMany([...chunks]);
    }
    await this.#files.insertMany(stored.map(({ id, name, bytes }) => ({
      _id: id,
      filename: name,
      chunkSize: new Int32(CHUNK_SIZE),
      length: Long.fromNumber(bytes.length),
      uploadDate: new Date(),
    })));
    return stored.map(({ id }) => id);
  }

  /** Deletes files: each is gone for readers before its chunks are. */
  async delete(ids: readonly ObjectId[]): Promise<void> {
    await this.#files.deleteMany({ _id: { $in: [...ids] } });
    await this.#chunks.deleteMany({ files_id: { $in: [...ids] } });
  }

  /**
   * Sizes in bytes by the hex digits of the files' ids, without the files that are missing; NaN for
   * a length that is not a number.
   */
  async sizes(ids: readonly ObjectId[]): Promise<Map<string, number>> {
    const options = { projection: { length: bounded("$length") }, raw: true } as const;
    const found = this.#files.find({ _id: { $in: [...ids] } }, options).map((raw) => fromBson(raw));
    const sizes = new Map<string, number>();
    for await (const { _id, length } of found) {
      const isNumber = typeof length === "bigint" || typeof length === "number";
      sizes.set(objectIdHex(_id) ?? "", isNumber ? Number(length) : NaN);
    }
    return sizes;
  }

  /**
   * Reads the files of which {@link GridFs.sizes} returned these sizes. Returns their bytes by the
   * hex digits of their ids, and a {@link Rejected} (FILE_CORRUPT) in place of a file whose chunks
   * do not add up to its size.
   */
  async read(sizes: ReadonlyMap<string, number>): Promise<Map<string, Uint8Array | Rejected>> {
    const files = new Map([...sizes].map(([id, size]) => [id, new ChunkedFile(size)]));
    const ids = [...sizes.keys()].map((id) => new ObjectId(id));
    const chunks = this.#chunks
      // The server could not sort by two lists, and a chunk has neither.
      .find({ files_id: { $in: ids }, n: { $not: { $type: "array" } } }, { raw: true })
      .sort({ files_id: 1, n: 1 })
      .map(readChunk);
    for await (const { file, n, data } of chunks) files.get(file ?? "")?.add(n, data);
    return new Map([...files].map(([id, file]) => [id, file.toBytes() ?? rejectCorrupt(id)]));
  }
}

/** A chunk to be stored. */
type NewChunk = { readonly files_id: ObjectId; readonly n: Int32; readonly data: Uint8Array };

/** Chunks in one command: the driver copies them three times, and the server takes 48 MB at most. */
const AT_ONCE: ChunkLimits<NewChunk> = {
  maxItems: 10_000,
  maxBytes: 2 ** 20,
  bytesOf: ({ data }) => data.length,
};

function* toChunks(
  files: readonly { readonly id: ObjectId; readonly bytes: Uint8Array }[],
): Iterable<NewChunk> {
  for (const { id, bytes } of files) {
    for (let n = 0; n * CHUNK_SIZE < bytes.length; n++) {
      const data = bytes.subarray(n * CHUNK_SIZE, (n + 1) * CHUNK_SIZE);
      yield { files_id: id, n: new Int32(n), data };
    }
  }
}

/** A chunk, whatever its document contains: fields of other types than these are undefined. */
type Chunk = {
  /** Hex digits of its file's id. */
  readonly file: string | undefined;
  readonly n: number | undefined;
  readonly data: Uint8Array | undefined;
};

/** Reads a chunk without making text of its bytes. */
function readChunk(raw: Uint8Array | Document): Chunk {
  const { data, rest } = splitBinary(raw, "data");
  const { files_id, n } = rest;
  const isNumber = typeof n === "bigint" || typeof n === "number";
  return { file: objectIdHex(files_id), n: isNumber ? Number(n) : undefined, data };
}

/** A file that is put together from its chunks. */
class ChunkedFile {
  readonly #bytes: Uint8Array;
  #chunkCount = 0;
  #byteCount = 0;
  #corrupt = false;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  add(n: number | undefined, data: Uint8Array | undefined): void {
    const fits = n === this.#chunkCount && data !== undefined &&
      this.#byteCount + data.length <= this.#bytes.length;
    if (!fits) {
      this.#corrupt = true;
      return;
    }
    this.#bytes.set(data, this.#byteCount);
    this.#byteCount += data.length;
    this.#chunkCount++;
  }

  /** The content; undefined if chunks were missing, out of order, too long or too short. */
  toBytes(): Uint8Array | undefined {
    return this.#corrupt || this.#byteCount !== this.#bytes.length ? undefined : this.#bytes;
  }
}

function rejectCorrupt(id: string): Rejected {
  return new Rejected("FILE_CORRUPT", `The chunks of GridFS file ${id} do not add up to its size`);
}
