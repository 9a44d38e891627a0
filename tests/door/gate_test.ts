import { deepEqual, equal, match, ok, rejects } from "../assert.ts";
import { type CloseReason, Gate, type GateOptions } from "../../lib/door/gate.ts";
import { sleep } from "../../lib/sleep.ts";
import { until } from "../e2e/until.ts";
import type { Posts } from "./gate_client.ts";

type Settings = Partial<Omit<GateOptions, "hostname" | "port">>;

async function withGate(settings: Settings, body: (gate: Gate) => Promise<void>): Promise<void> {
  const handler = (_request: Request, address: string) => new Response(address);
  const gate = new Gate({ hostname: "127.0.0.1", port: 0, handler, ...settings });
  try {
    await body(gate);
  } finally {
    await gate.drain(1000);
  }
}

/** Connects to a gate as a client that says what it likes. */
async function connect({ port }: Gate, text: string): Promise<Deno.TcpConn> {
  const client = await Deno.connect({ hostname: "127.0.0.1", port });
  await client.write(new TextEncoder().encode(text));
  return client;
}

/** Reads until the other side ends the connection. */
async function readAll(client: Deno.TcpConn): Promise<string> {
  const chunks: string[] = [];
  const buffer = new Uint8Array(1000);
  while (true) {
    const length = await client.read(buffer).catch(() => null);
    if (length === null) return chunks.join("");
    chunks.push(new TextDecoder().decode(buffer.subarray(0, length)));
  }
}

/** Reads what comes first. */
async function readSome(client: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(1000);
  const length = await client.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length));
}

/** Posts bodies from another thread; returns the status of each response, or the error. */
async function postFromThread(posts: Posts): Promise<unknown> {
  const client = new Worker(new URL("gate_client.ts", import.meta.url), { type: "module" });
  try {
    client.postMessage(posts);
    return await new Promise((resolve) => client.onmessage = ({ data }) => resolve(data));
  } finally {
    client.terminate();
  }
}

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

function testGate(name: string, settings: Settings, body: (gate: Gate) => Promise<void>): void {
  Deno.test(`Gate ${name}`, () => withGate(settings, body));
}

testGate("passes requests on, with the address of their client", {}, async ({ port }) => {
  equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "127.0.0.1");
});

testGate("passes bodies of any size in both directions", {
  handler: async ({ body }) => new Response(new Blob(await Array.fromAsync(body!))),
}, async ({ port }) => {
  const bytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: bytes });
  const echoed = await response.bytes();
  equal(echoed.length, bytes.length);
  ok(echoed.every((byte, i) => byte === i % 251));
});

testGate(
  "closes a client that does not end the head of its request",
  { idleMs: 100 },
  async (gate) => {
    using silent = await connect(gate, "");
    using slow = await connect(gate, "GET / HTTP/1.1\r\nX: ");
    equal(await readAll(slow), "");
    equal(await readAll(silent), "");
  },
);

testGate(
  "closes a client that keeps its connection, and asks nothing",
  { idleMs: 100 },
  async (gate) => {
    using client = await connect(gate, GET);
    match(await readAll(client), /^HTTP\/1.1 200 OK[^]*127\.0\.0\.1$/);
  },
);

testGate("waits for an answer that takes longer than a client may be idle", {
  idleMs: 100,
  handler: async () => {
    await sleep(1500);
    return new Response("late");
  },
}, async ({ port }) => {
  equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "late");
});

testGate(
  "closes the idlest connection when there are too many",
  { maxConnections: 2 },
  async (gate) => {
    using idlest = await connect(gate, "");
    await sleep(50);
    using second = await connect(gate, "");
    await sleep(50);
    equal(await (await fetch(`http://127.0.0.1:${gate.port}/`)).text(), "127.0.0.1");
    equal(await readAll(idlest), "");
    await second.write(new TextEncoder().encode("GET / HTTP/1.0\r\n\r\n"));
    match(await readAll(second), /200 OK/);
  },
);

Deno.test("Gate tells how many connections are open, and why it closed others", async () => {
  const closed: CloseReason[] = [];
  const onClose = (reason: CloseReason) => closed.push(reason);
  await withGate({ maxConnections: 2, idleMs: 300, onClose }, async (gate) => {
    using first = await connect(gate, GET);
    await readSome(first);
    using second = await connect(gate, GET);
    await readSome(second);
    equal(gate.connections, 2);
    using third = await connect(gate, GET);
    await readSome(third);
    deepEqual([gate.connections, closed], [2, ["full"]]);
    await Promise.all([readAll(second), readAll(third)]);
    deepEqual(closed, ["full", "idle", "idle"]);
  });
});

testGate("tells a client why it refuses what is still being sent", {
  handler: () => new Response("too large", { status: 413 }),
}, async (gate) => {
  using client = await connect(gate, "POST / HTTP/1.0\r\nContent-Length: 9000000\r\n\r\n");
  const sending = (async () => {
    for (let i = 0; i < 100; i++) await client.write(new Uint8Array(10_000)).catch(() => {});
  })();
  match(await readSome(client), /413/);
  await sending;
});

testGate("answers every client whose body it does not want, though it comes on", {
  handler: async () => {
    await sleep(5);
    return new Response("too large", { status: 413 });
  },
}, async ({ port }) => {
  const bytes = [100_000, 1_000_000, 3_000_000].flatMap((length) => Array(10).fill(length));
  const statuses = await postFromThread({ url: `http://127.0.0.1:${port}/`, bytes });
  deepEqual(statuses, bytes.map(() => 413));
});

testGate("keeps the connection of a client whose unwanted body has come", {
  handler: () => new Response("refused", { status: 401 }),
}, async (gate) => {
  const request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{ }";
  using client = await connect(gate, request);
  match(await readSome(client), /401/);
  await client.write(new TextEncoder().encode(request));
  match(await readSome(client), /401/);
});

testGate("answers at once who waits to be told to go on, or whose body stops", {
  handler: () => new Response("refused", { status: 401 }),
}, async (gate) => {
  for (const more of ["Expect: 100-continue\r\n\r\n", "\r\n{"]) {
    using client = await connect(
      gate,
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n${more}`,
    );
    match(await readAll(client), /401 Unauthorized[^]*connection: close[^]*refused$/);
  }
});

testGate("cuts a client that never stops", {
  handler: () => new Response("too large", { status: 413 }),
  lingerMs: 300,
}, async (gate) => {
  using client = await connect(gate, "POST / HTTP/1.0\r\nContent-Length: 900000000000\r\n\r\n");
  const send = async () => {
    while (true) await client.write(new Uint8Array(10_000));
  };
  await rejects(send());
  equal(gate.connections, 0);
});

Deno.test("Gate drains: answers what was asked, and takes nothing new", async () => {
  const asked = Promise.withResolvers<void>();
  const handler = async () => {
    asked.resolve();
    await sleep(600);
    return new Response("done");
  };
  const gate = new Gate({ hostname: "127.0.0.1", port: 0, handler });
  const { port } = gate;
  using _silent = await connect(gate, "GET / HTTP/1.1\r\n");
  const answer = fetch(`http://127.0.0.1:${port}/`);
  await asked.promise;
  const started = performance.now();
  const drained = gate.drain(10_000);
  // The system may take a connection until the listener has ended.
  await until(() => isRefused(port), 500, "Connections were still taken");
  equal(await (await answer).text(), "done");
  await drained;
  ok(performance.now() - started < 5000, String(performance.now() - started));
});

/** Whether a connection is refused, or reset with the listener on which it waited. */
async function isRefused(port: number): Promise<boolean> {
  try {
    using _taken = await Deno.connect({ hostname: "127.0.0.1", port });
    return false;
  } catch {
    return true;
  }
}

Deno.test("Gate ends after its time of grace, whatever is still going on", async () => {
  const gate = new Gate({
    hostname: "127.0.0.1",
    port: 0,
    handler: () => new Promise(() => {}),
  });
  using client = await connect(gate, GET);
  await sleep(100);
  await gate.drain(200);
  equal(await readAll(client), "");
});

Deno.test("Gate says that its port is taken", () => {
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = other.addr;
  const open = () => new Gate({ hostname: "127.0.0.1", port, handler: () => new Response() });
  return rejects(async () => await Promise.resolve(open()), Deno.errors.AddrInUse);
});
