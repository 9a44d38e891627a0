import { createGunzip } from "node:zlib";
import { Rejected } from "../errors.ts";

/**
 * Bytes given to the decompressor at once. They unfold to at most 16 MiB (gzip packs 1032 bytes into
 * one), and Deno 2.4 decompresses all that it is given before anybody can stop it.
 */
const GZIP_PIECE = 16 * 1024;

/**
 * Decompresses gzip, of several members too, a little at a time.
 *
 * @throws {Rejected} TOO_LARGE when it unfolds to more than `maxBytes`, ENTRY_INVALID when it is
 * damaged or cut off.
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  const stream = createGunzip();
  let failure: Error | undefined;
  let output: Uint8Array[] = [];
  let size = 0;
  stream.on("data", (piece: Uint8Array) => {
    size += piece.length;
    if (size <= maxBytes) output.push(piece);
  });
  const ended = new Promise<void>((resolve) => {
    stream.on("end", resolve);
    stream.on("error", (error) => {
      failure = error;
      resolve();
    });
  });
  const takeOutput = () => {
    if (failure !== undefined) throw damagedGzip(failure);
    if (size > maxBytes) throw bomb(maxBytes);
    const taken = output;
    output = [];
    return taken;
  };
  try {
    for await (const piece of source) {
      for (let at = 0; at < piece.length; at += GZIP_PIECE) {
        const written = new Promise((resolve) => {
          stream.write(piece.subarray(at, at + GZIP_PIECE), resolve);
        });
        await Promise.race([written, ended]);
        yield* takeOutput();
      }
    }
    stream.end();
    await ended;
    yield* takeOutput();
  } finally {
    stream.destroy();
  }
}

function bomb(maxBytes: number): Rejected {
  return new Rejected(
    "TOO_LARGE",
    `it is compressed and unfolds to more than ${maxBytes} bytes. Unpack and split it`,
  );
}

function damagedGzip(cause: Error): Rejected {
  const reason = `it is compressed with gzip but damaged or cut off: ${cause.message}`;
  return new Rejected("ENTRY_INVALID", reason, { cause });
}
