import { deepEqual, equal, rejects } from "../assert.ts";
import { readChunks, readJsonBody } from "../../lib/door/read_body.ts";
import { Refusal } from "../../lib/door/refusal.ts";

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

function isRefusal(status: number): (error: unknown) => boolean {
  return (error) => error instanceof Refusal && error.status === status;
}

Deno.test("readChunks stops an endless body just beyond the limit", async () => {
  const { body, sent } = endless();
  await rejects(Array.fromAsync(readChunks(request(body), 10_000)), isRefusal(413));
  equal(sent() < 20_000, true, String(sent()));
});

Deno.test("readChunks reads nothing of a body that says it is too large", async () => {
  const announced = { body: endless().body, headers: new Headers({ "content-length": "10001" }) };
  await rejects(readChunks(announced, 10_000).next(), isRefusal(413));
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

Deno.test("readJsonBody keeps whole numbers, and refuses what is not UTF-8", async () => {
  const body = await readJsonBody(request('{"n": 9007199254740993}'));
  deepEqual(body["n"], 9007199254740993n);
  const latin1 = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new Uint8Array([0x22, 0xe9, 0x22]));
      controller.close();
    },
  });
  await rejects(readJsonBody(request(latin1)), isRefusal(400));
});
