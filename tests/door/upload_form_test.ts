import { Buffer } from "node:buffer";
import fc from "fast-check";
import { deepEqual, equal, rejects, throws } from "../assert.ts";
import { Refusal } from "../../lib/door/refusal.ts";
import { readUploadForm } from "../../lib/door/upload_form.ts";
import { BodyMemory } from "../../lib/door/body_memory.ts";

const NAMES = ["name", "typetag"];

type FormRequest = Pick<Request, "body" | "headers">;

/** Makes a request of bytes that come in pieces of this size. */
function inPieces(bytes: Uint8Array, size: number, type: string): FormRequest {
  let at = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(new Uint8Array(bytes.subarray(at, at += size)));
    },
  });
  return { body, headers: new Headers({ "content-type": type }) };
}

async function encode(form: FormData): Promise<{ bytes: Uint8Array; type: string }> {
  const response = new Response(form);
  return { bytes: await response.bytes(), type: response.headers.get("content-type")! };
}

function read(
  request: FormRequest,
  { maxBytes = 2 ** 20, memory = new BodyMemory(2 ** 21) } = {},
) {
  return readUploadForm(request, { names: NAMES, maxBytes, account: memory.open("anybody") });
}

Deno.test("readUploadForm reads any file and fields, in pieces of any size", async () => {
  const text = fc.string({ unit: "grapheme" }).filter((each) => each.isWellFormed());
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 500 }),
      text,
      fc.integer({ min: 1, max: 300 }),
      async (file, name, size) => {
        const form = new FormData();
        form.set("file", new Blob([new Uint8Array(file)]), "x");
        form.set("name", name);
        const { bytes, type } = await encode(form);
        const result = await read(inPieces(bytes, size, type));
        deepEqual(Buffer.from(result.file!.bytes), Buffer.from(file));
        // A form's text has line ends as in mail.
        equal(result.fields.get("name"), name.replace(/\r\n|\r|\n/g, "\r\n"));
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("readUploadForm takes a file without a file name, and the last of equal fields", async () => {
  const form = new FormData();
  form.append("file", "text");
  form.append("name", "one");
  form.append("name", "two");
  const { bytes, type } = await encode(form);
  const { file, fields } = await read(inPieces(bytes, 10, type));
  equal(new TextDecoder().decode(file!.bytes), "text");
  equal(fields.get("name"), "two");
});

async function refused(request: FormRequest, options = {}): Promise<Refusal> {
  let refusal: unknown;
  await rejects(read(request, options), (error) => {
    refusal = error;
    return error instanceof Refusal;
  });
  return refusal as Refusal;
}

Deno.test("readUploadForm refuses a file that is too large before it has ended", async () => {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(3_000_000)]), "x");
  const { bytes, type } = await encode(form);
  let pulled = 0;
  const { body, headers } = inPieces(bytes, 1000, type);
  const counted = body!.pipeThrough(
    new TransformStream({
      transform(chunk: Uint8Array<ArrayBuffer>, controller) {
        pulled += chunk.length;
        controller.enqueue(chunk);
      },
    }),
  );
  equal((await refused({ body: counted, headers }, { maxBytes: 10_000 })).status, 413);
  // The parser has some in its buffers.
  equal(pulled < 500_000, true, String(pulled));
});

Deno.test("readUploadForm refuses a file when all uploads together are too large", async () => {
  const memory = new BodyMemory(100_000);
  using other = memory.open("other");
  other.hold(160_000);
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(80_000)]), "x");
  const { bytes, type } = await encode(form);
  const refusal = await refused(inPieces(bytes, 1000, type), { memory });
  deepEqual([refusal.status, refusal.retryAfter], [503, 5]);
});

Deno.test("BodyMemory takes one body alone whatever its size, and no other beside it", () => {
  const memory = new BodyMemory(100_000);
  {
    using large = memory.open("a");
    large.hold(80_000);
    large.hold(400_000);
    using other = memory.open("b");
    other.hold(64 * 1024);
    throws(() => other.hold(64 * 1024 + 1), /too many large ones/);
  }
  using next = memory.open("a");
  next.hold(400_000);
});

Deno.test("BodyMemory leaves half of the room to others than one caller", () => {
  const [free, memory] = [64 * 1024, new BodyMemory(100_000)];
  using first = memory.open("a");
  first.hold(free + 40_000);
  {
    using second = memory.open("a");
    second.hold(free + 10_000);
    throws(() => second.hold(free + 10_001), /too many large ones/);
    using other = memory.open("b");
    other.hold(free + 50_000);
    throws(() => other.hold(free + 50_001), /too many large ones/);
  }
  using third = memory.open("a");
  third.hold(free + 10_000);
});

Deno.test("readUploadForm refuses forms that are cut off, damaged or not forms", async () => {
  const form = new FormData();
  form.set("name", "n");
  const { bytes, type } = await encode(form);
  for (const length of [0, 1, 20, bytes.length - 10]) {
    equal(
      (await refused(inPieces(bytes.subarray(0, length), 7, type))).status,
      400,
      String(length),
    );
  }
  for (const other of ["multipart/form-data", "text/plain", "application/json", ""]) {
    equal((await refused(inPieces(bytes, 100, other))).status, 400, other);
  }
});

Deno.test("readUploadForm refuses too many parts, and long fields", async () => {
  const many = new FormData();
  for (let i = 0; i < 100; i++) many.append("name", "x");
  const long = new FormData();
  long.set("name", "x".repeat(70_000));
  for (const form of [many, long]) {
    const { bytes, type } = await encode(form);
    equal((await refused(inPieces(bytes, 1000, type))).status, 400);
  }
});

Deno.test("readUploadForm says which part it does not want, however long or missing its name", async () => {
  const part = (disposition: string) =>
    new TextEncoder().encode(`--B\r\nContent-Disposition: ${disposition}\r\n\r\nx\r\n--B--\r\n`);
  const type = "multipart/form-data; boundary=B";
  for (
    const [disposition, message] of [
      ["form-data", "Invalid input: a part has no name!"],
      [`form-data; name="${"x".repeat(5000)}"`, `Invalid input: ${"x".repeat(100)}…`],
    ] as const
  ) {
    equal((await refused(inPieces(part(disposition), 100, type))).message, message);
  }
});

Deno.test("readUploadForm takes no name of objects for a field", async () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const form = new FormData();
    form.set(name, "x");
    const { bytes, type } = await encode(form);
    equal((await refused(inPieces(bytes, 1000, type))).message, `Invalid input: ${name}`);
  }
});
