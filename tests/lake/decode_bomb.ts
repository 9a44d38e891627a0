// A program for decode_test.ts: writes by how many bytes the process grows while it refuses a bomb.
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { decodeUpload } from "../../lib/lake/decode.ts";

const MAX_BYTES = 1024 ** 2;

const bomb = gzipSync(Buffer.alloc(256 * MAX_BYTES));
const before = Deno.memoryUsage().rss;
const OPTIONS = { typetag: "cowrie", maxBytes: MAX_BYTES };
const { message } = await decodeUpload(bomb, OPTIONS).then(
  () => new Error("none"),
  (error) => error,
);
console.log(JSON.stringify({ grown: Deno.memoryUsage().rss - before, message }));
