import { deepEqual, equal, ok } from "../assert.ts";
import { sleep } from "../../lib/sleep.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { notify, type NotifyOptions } from "../../lib/tdql/notify.ts";
import { Listener } from "./listener.ts";

const NONCE = "d41d8cd98f00b204e9800998ecf8427e";
const PORTS = { least: 1024, most: 65535 };
/** The API is on a host that does not exist, so nothing may reach a listener here. */
const ELSEWHERE: NotifyOptions = {
  apiHost: "api.invalid",
  hosts: ["api.invalid", "192.0.2.80"],
  ports: PORTS,
};
const LOCAL: NotifyOptions = { apiHost: "127.0.0.1", hosts: ["127.0.0.1"], ports: PORTS };

const NEVER = new AbortController().signal;

function socket(host: Value, port: Value, nonce: Value = NONCE): Value {
  return { host: [host], port: [port], nonce: [nonce] };
}

/** Runs the body with listeners on one port of both loopback addresses; without IPv6, of one. */
async function withListeners(
  body: (listeners: readonly Listener[], port: number) => Promise<void>,
) {
  const first = new Listener("127.0.0.1");
  const listeners = [first];
  try {
    if (hasIpv6()) listeners.push(new Listener("::1", first.port));
    await body(listeners, first.port);
  } finally {
    for (const listener of listeners) await listener.close();
  }
}

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrNotAvailable) return false;
    throw error;
  }
}

/** Asserts that no connection came before one that it makes itself. */
async function assertNoConnection(listeners: readonly Listener[]): Promise<void> {
  for (const { hostname, port, received } of listeners) {
    const options = { ...LOCAL, apiHost: hostname };
    deepEqual(await notify(socket("", port, "the first"), options), { sent: true });
    deepEqual(await received(1), ["the first"]);
  }
}

async function assertRefused(socket: Value | undefined, options: NotifyOptions, reason: RegExp) {
  const notified = await notify(socket, options);
  ok(!notified.sent, JSON.stringify(socket, writeBigint));
  ok(reason.test(notified.reason), `${JSON.stringify(socket, writeBigint)}: ${notified.reason}`);
  ok(!notified.reason.includes(NONCE));
}

/** Replacer for JSON.stringify, which does not know bigint. */
function writeBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

/** Spellings that some resolver takes for this host. */
const LOOPBACKS = [
  ..."127.1 127.0.1 0x7f.1 0x7f.0.0.1 0x7F000001 0177.0.0.1 0177.1 017700000001".split(" "),
  ..."2130706433 127.0.0.01 127.000.000.001 127.0.0.1. 127.0.0.2 127.255.255.254".split(" "),
  ..."0 0.0 0x0 00000000 0.0.0.0. ::1 ::1%lo [::1] 0:0:0:0:0:0:0:1 0000::0001 ::".split(" "),
  ..."[::] ::127.0.0.1 ::ffff:127.0.0.1 [::ffff:127.0.0.1] ::ffff:7f00:1 ::FFFF:7F00:1".split(" "),
  ..."localhost. LOCALHOST. localhost.localdomain ip6-localhost loopback local".split(" "),
  ..."127.0.0.1:80 localhost:80 //localhost http://127.0.0.1/ user@localhost".split(" "),
  ..."１２７.０.０.１ ①②⑦.0.0.1 127。0。0。1 ⓛocalhost loсalhost ١٢٧.0.0.1 127%2e0.0.1".split(" "),
  ..."127.0.0.1.nip.io localtest.me * . - api.invalid. 192.0.2.80. \u202e1.0".split(" "),
  " 127.0.0.1",
  "127.0.0.1 ",
  "127.0.0.1\n",
  "\t127.0.0.1",
  "127.0.0.1\0",
  "127.0.0.1\0.test",
  "localhost\0",
  " localhost",
  "local\u00adhost",
  "127.0.0.1,192.0.2.80",
  "192.0.2.80\0",
  " ",
];

Deno.test("notify does not connect to any spelling of an address that is not allowed", async () => {
  await withListeners(async (listeners, port) => {
    const names = [Deno.hostname(), `${Deno.hostname()}.`].filter((name) => name !== "localhost");
    for (const host of [...LOOPBACKS, ...names]) {
      await assertRefused(socket(host, BigInt(port)), ELSEWHERE, /^host .* is not allowed$/);
      await assertRefused(socket(host, port), { ...LOCAL, hosts: [] }, /^host .* is not allowed$/);
    }
    await assertNoConnection(listeners);
  });
});

Deno.test("Deno.connect would reach a listener by some of these spellings", async () => {
  await withListeners(async (_, port) => {
    let reached = 0;
    for (const hostname of ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "localhost."]) {
      const conn = await Deno.connect({ hostname, port }).catch(() => null);
      if (conn === null) continue;
      conn.close();
      reached++;
    }
    ok(reached >= 3, String(reached));
  });
});

Deno.test("notify connects to the configured host for the API's own names", async () => {
  await withListeners(async (listeners, port) => {
    for (const host of ["0.0.0.0", "127.0.0.1", "localhost", "Localhost", "", "API.invalid"]) {
      await assertRefused(socket(host, BigInt(port)), ELSEWHERE, /^cannot notify api\.invalid:/);
    }
    await assertNoConnection(listeners);
    const { received } = listeners[0]!;
    for (const host of ["0.0.0.0", "127.0.0.1", "localhost", ""]) {
      deepEqual(await notify(socket(host, port), { ...LOCAL, hosts: [] }), { sent: true });
    }
    deepEqual((await received(5)).slice(1), [NONCE, NONCE, NONCE, NONCE]);
  });
});

Deno.test("notify sends exactly the nonce to hosts that are allowed", async () => {
  await withListeners(async (listeners, port) => {
    const nonces = [NONCE, "", "é\u0000\ud83d\ude00", "x".repeat(1_000_000)];
    for (const { hostname, received } of listeners) {
      const options = { ...ELSEWHERE, apiHost: hostname, hosts: [hostname.toUpperCase()] };
      const named = hostname === "::1" ? "::1" : "0.0.0.0";
      for (const nonce of nonces) {
        deepEqual(await notify(socket(named, BigInt(port), nonce), options), { sent: true });
      }
      deepEqual(await received(nonces.length), nonces);
    }
  });
});

Deno.test("notify ignores the case of allowed hosts", async () => {
  const local = { ...ELSEWHERE, hosts: ["LocalHost.Invalid"] };
  for (const host of ["localhost.invalid", "LOCALHOST.INVALID"]) {
    await assertRefused(socket(host, 4000n), local, /^cannot notify LocalHost\.Invalid:4000: /);
  }
});

Deno.test("notify reaches a listener on IPv4 by a name that has other addresses as well", async () => {
  await withListeners(async ([listener], port) => {
    deepEqual(await notify(socket("", port), { ...LOCAL, apiHost: "localhost" }), { sent: true });
    deepEqual(await listener!.received(1), [NONCE]);
  });
});

Deno.test("notify does not connect to a port that is not allowed", async () => {
  await withListeners(async (listeners, port) => {
    const ranges = [[port + 1, 65535], [1024, port - 1], [port, port - 1]] as const;
    for (const [least, most] of ranges) {
      const options = { ...LOCAL, ports: { least, most } };
      await assertRefused(socket("127.0.0.1", port), options, /^port \d+ is not allowed/);
      await assertRefused(socket("127.0.0.1", BigInt(port)), options, /^port \d+ is not allowed/);
    }
    const whole = BigInt(port);
    const outside = [
      0n,
      -0,
      22n,
      1023n,
      65536n,
      -whole,
      whole + 65536n,
      port + 65536,
      whole + 2n ** 64n,
    ];
    for (const other of [...outside, 10n ** 400n, 1e300]) {
      await assertRefused(
        socket("127.0.0.1", other),
        LOCAL,
        /^port (-?[\de+]+|Infinity) is not allowed/,
      );
    }
    await assertNoConnection(listeners);
  });
});

Deno.test("notify includes the bounds of the port range, and reads whole numbers stored as floats", async () => {
  await withListeners(async ([listener], port) => {
    const options = { ...LOCAL, ports: { least: port, most: port } };
    for (const number of [port, BigInt(port)]) {
      deepEqual(await notify(socket("localhost", number), options), { sent: true });
    }
    deepEqual(await listener!.received(2), [NONCE, NONCE]);
  });
});

Deno.test("notify does not connect if the socket is malformed", async () => {
  await withListeners(async (listeners, port) => {
    const numbers = [String(port), `0x${port.toString(16)}`, ` ${port}`, "", port + 0.5, NaN];
    for (const number of [...numbers, Infinity, null, true, [BigInt(port)], { port }]) {
      await assertRefused(
        socket("127.0.0.1", number),
        LOCAL,
        /^the query's port is not a whole number$/,
      );
    }
    for (const host of [null, 0n, 2130706433n, true, ["127.0.0.1"], { host: "127.0.0.1" }]) {
      await assertRefused(socket(host, port), LOCAL, /^the query's host is not a string$/);
    }
    for (const nonce of [null, 5n, [NONCE], { nonce: NONCE }]) {
      await assertRefused(
        socket("127.0.0.1", port, nonce),
        LOCAL,
        /^the query's nonce is not a string$/,
      );
    }
    const sound = { host: ["127.0.0.1"], port: [BigInt(port)], nonce: [NONCE] };
    const shapes: (Value | undefined)[] = [
      undefined,
      null,
      "",
      NONCE,
      5n,
      [],
      [sound],
      {},
      ["127.0.0.1", BigInt(port), NONCE],
      { ...sound, host: "127.0.0.1" },
      { ...sound, host: [] },
      { ...sound, port: [BigInt(port), 1n] },
      { ...sound, nonce: { 0: NONCE, length: 1n } },
    ];
    for (const shape of shapes) await assertRefused(shape, LOCAL, /^the query's \w+ is not a /);
    await assertNoConnection(listeners);
  });
});

Deno.test("notify escapes and cuts the host in its reason, which is logged", async () => {
  const host = "\n\u001b[2J" + "x".repeat(10_000);
  await assertRefused(
    socket(host, 4000n),
    ELSEWHERE,
    /^host \\u000a\\u001b\[2Jx{1,80} is not allowed$/,
  );
});

Deno.test("notify says so if nothing listens, or the name does not exist", async () => {
  const gone = new Listener("127.0.0.1");
  await gone.close();
  const { port } = gone;
  await assertRefused(
    socket("localhost", port),
    LOCAL,
    /^cannot notify 127\.0\.0\.1:\d+: .*refused/i,
  );
  await assertRefused(
    socket("api.invalid", 4000n),
    ELSEWHERE,
    /^cannot notify api\.invalid:4000: /,
  );
});

Deno.test("notify gives up after two seconds on a caller that does not read", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = listener.accept();
  const started = performance.now();
  const nonce = NONCE.repeat(8 * 1024 * 1024 / NONCE.length);
  await assertRefused(socket("localhost", port, nonce), LOCAL, /longer than 2000 ms$/);
  const took = performance.now() - started;
  ok(took > 1900 && took < 4000, `${took} ms`);
  (await accepted).close();
  listener.close();
});

Deno.test("notify closes a connection that comes too late, and sends nothing on it", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const { fillers, pending } = await fillQueue(port);
  const started = performance.now();
  await assertRefused(socket("localhost", port), LOCAL, /longer than 2000 ms$/);
  const took = performance.now() - started;
  ok(took < 4000, `${took} ms`);
  const closed = [...fillers, pending].map(async (conn) => (await conn).close());
  // These connections, and the one that notify made.
  for (let i = 0; i < closed.length + 1; i++) {
    const conn = await listener.accept();
    equal(await conn.read(new Uint8Array(1)), null);
    conn.close();
  }
  await Promise.all(closed);
  listener.close();
});

/** Fills a listener's queue, and leaves one more connection waiting. */
async function fillQueue(port: number) {
  const fillers: Deno.Conn[] = [];
  while (true) {
    const pending = Deno.connect({ hostname: "127.0.0.1", port });
    const conn = await Promise.race([pending, sleep(200, NEVER)]);
    if (conn === undefined) return { fillers, pending };
    fillers.push(conn);
  }
}

// The attempt to connect continues for minutes if nothing refuses it.
Deno.test({
  name: "notify gives up after two seconds on an address that cannot be reached",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const started = performance.now();
    const { sent } = await notify(socket("10.255.255.1", 4000n), {
      ...LOCAL,
      hosts: ["10.255.255.1"],
    });
    equal(typeof sent, "boolean");
    const took = performance.now() - started;
    ok(took < 4000, `${took} ms`);
  },
});
