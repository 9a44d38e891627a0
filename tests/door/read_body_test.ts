import { deepEqual, equal, ok, rejects } from "../assert.ts";
import { type BodyTimes, JsonBodies, readChunks } from "../../lib/door/read_body.ts";
import { BodySlots } from "../../lib/door/body_slots.ts";
import { sleep } from "../../lib/sleep.ts";
import { Refusal } from "../../lib/door/refusal.ts";
import type { Fields } from "../../lib/tahoe/value.ts";

const ANYBODY = { caller: "anybody" };

function request(body: ReadableStream<Uint8Array<ArrayBuffer>> | string, headers = {}): Request {
  return new Request("http://127.0.0.1/", { method: "POST", body, headers });
}

/** A body that never ends; `sent` counts its bytes. */
function endless(): { body: ReadableStream<Uint8Array<ArrayBuffer>>; sent: () => number } {
  let sent = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      controller.enqueue(new Uint8Array(1000));
      sent += 1000;
    },
  });
  return { body, sent: () => sent };
}

function readJson(body: ReadableStream<Uint8Array<ArrayBuffer>> | string): Promise<Fields> {
  return new JsonBodies().receive(request(body), ANYBODY, (fields) => Promise.resolve(fields));
}

function isRefusal(status: number): (error: unknown) => boolean {
  return (error) => error instanceof Refusal && error.status === status;
}

Deno.test("readChunks stops an endless body just beyond the limit", async () => {
  const { body, sent } = endless();
  await rejects(Array.fromAsync(readChunks(request(body), 10_000)), isRefusal(413));
  equal(sent() < 20_000, true, String(sent()));
  // Whoever discards the rest can read it.
  equal((await body.getReader().read()).value?.length, 1000);
});

Deno.test("readChunks reads nothing of a body that says it is too large", async () => {
  const announced = { body: endless().body, headers: new Headers({ "content-length": "10001" }) };
  await rejects(readChunks(announced, 10_000).next(), isRefusal(413));
});

Deno.test("readChunks takes no encoded body", async () => {
  const read = (encoding: string) =>
    Array.fromAsync(readChunks(request("{}", { "content-encoding": encoding }), 10));
  await rejects(read("gzip"), isRefusal(415));
  equal((await read("Identity")).length, 1);
});

Deno.test("readChunks refuses a body that breaks off", async () => {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new Uint8Array(3));
      controller.error(new Error("gone"));
    },
  });
  await rejects(Array.fromAsync(readChunks(request(body), 10)), isRefusal(400));
});

/** A body of which a byte comes every few milliseconds, without end. */
function dripping(ms: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      await sleep(ms);
      controller.enqueue(new Uint8Array(1));
    },
  });
}

Deno.test("readChunks waits neither for a body that stops, nor for one that drips", async () => {
  const stopped = new ReadableStream<Uint8Array<ArrayBuffer>>();
  const read = (body: ReadableStream<Uint8Array<ArrayBuffer>>, times: BodyTimes) =>
    Array.fromAsync(readChunks(request(body), 1000, times));
  await rejects(read(stopped, { pauseMs: 50 }), isRefusal(408));
  const start = performance.now();
  await rejects(read(dripping(10), { pauseMs: 1000, wholeMs: 300 }), isRefusal(408));
  const waited = performance.now() - start;
  ok(waited >= 290 && waited < 5000, String(waited));
  // Until the byte comes that nobody waits for any more.
  await sleep(20);
});

Deno.test("BodySlots refuse bodies beyond their number, until one was read", async () => {
  const slots = new BodySlots(2);
  const reading = Promise.withResolvers<void>();
  const running = ["one", "two"].map((caller) => slots.run(caller, () => reading.promise));
  await rejects(slots.run("one", () => Promise.resolve()), isRefusal(503));
  reading.resolve();
  await Promise.all(running);
  await rejects(slots.run("one", () => Promise.reject(new RangeError())), RangeError);
  equal(await slots.run("one", () => Promise.resolve("read")), "read");
});

Deno.test("BodySlots keep places for those who take few", async () => {
  const slots = new BodySlots(16);
  const reading = Promise.withResolvers<void>();
  const running = Array.from({ length: 14 }, () => slots.run("many", () => reading.promise));
  await rejects(slots.run("many", () => Promise.resolve()), isRefusal(503));
  running.push(...["a", "b"].map((caller) => slots.run(caller, () => reading.promise)));
  await rejects(slots.run("c", () => Promise.resolve()), isRefusal(503));
  reading.resolve();
  await Promise.all(running);
  equal(await slots.run("many", () => Promise.resolve("read")), "read");
});

Deno.test("readChunks gives more time for bytes that came, not for those announced", async () => {
  const headers = new Headers({ "content-length": "90000000" });
  const start = performance.now();
  await rejects(
    Array.fromAsync(readChunks({ body: dripping(10), headers }, 1e8, { wholeMs: 200 })),
    isRefusal(408),
  );
  const waited = performance.now() - start;
  ok(waited >= 190 && waited < 5000, String(waited));
  await sleep(20);
});

Deno.test("JsonBodies keep whole numbers, and refuse what is not UTF-8", async () => {
  const body = await readJson('{"n": 9007199254740993}');
  deepEqual(body["n"], 9007199254740993n);
  const latin1 = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new Uint8Array([0x22, 0xe9, 0x22]));
      controller.close();
    },
  });
  await rejects(readJson(latin1), isRefusal(400));
});

Deno.test("JsonBodies hold one large body at a time, and small ones beside it", async () => {
  const bodies = new JsonBodies();
  const answered = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  const large = () => request(JSON.stringify({ text: "x".repeat(4_000_000) }));
  const first = bodies.receive(large(), ANYBODY, async ({ text }) => {
    taken.resolve();
    await answered.promise;
    return String(text).length;
  });
  await taken.promise;
  const length = ({ text }: Fields) => Promise.resolve(String(text).length);
  await rejects(bodies.receive(large(), ANYBODY, length), isRefusal(503));
  const small = request(JSON.stringify({ text: "x".repeat(60_000) }));
  equal(await bodies.receive(small, ANYBODY, length), 60_000);
  answered.resolve();
  equal(await first, 4_000_000);
  equal(await bodies.receive(large(), ANYBODY, length), 4_000_000);
});
