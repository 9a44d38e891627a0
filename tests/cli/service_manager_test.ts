import { deepEqual, equal, match } from "../assert.ts";
import { join } from "node:path";
import { ServiceManager } from "../../lib/cli/service_manager.ts";
import { sleep } from "../../lib/sleep.ts";
import { install } from "../e2e/installation.ts";
import { commandOf } from "../program.ts";

const never = new AbortController().signal;

/** Stand-in for systemd: a datagram socket, and folders as a unit has them. */
type Unit = {
  readonly env: { readonly NOTIFY_SOCKET: string; readonly RUNTIME_DIRECTORY: string };
  /** Waits for the next message. */
  next(): Promise<string>;
  /** Collects the messages of the next `ms` milliseconds. */
  within(ms: number): Promise<readonly string[]>;
};

async function inUnit(work: (unit: Unit) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const env = { NOTIFY_SOCKET: join(folder, "socket"), RUNTIME_DIRECTORY: join(folder, "run") };
  await Deno.mkdir(env.RUNTIME_DIRECTORY);
  const socket = Deno.listenDatagram({ transport: "unixpacket", path: env.NOTIFY_SOCKET });
  const messages: string[] = [];
  const receiving = receive(socket, messages);
  const next = async () => {
    while (messages.length === 0) await sleep(5, never);
    return messages.shift()!;
  };
  const within = async (ms: number) => {
    await sleep(ms, never);
    return messages.splice(0);
  };
  try {
    await work({ env, next, within });
  } finally {
    socket.close();
    await receiving;
    await Deno.remove(folder, { recursive: true });
  }
}

/** Collects messages until the socket is closed. */
async function receive(socket: Deno.DatagramConn, messages: string[]): Promise<void> {
  for await (const [bytes] of socket) messages.push(new TextDecoder().decode(bytes));
}

function managerIn(env: { readonly [name: string]: string }): ServiceManager {
  return new ServiceManager((name) => env[name]);
}

function entries(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

Deno.test("ServiceManager reports waiting, readiness and stopping in order, and leaves no socket", async () => {
  await inUnit(async ({ env, next, within }) => {
    const manager = managerIn(env);
    manager.notifyWaiting();
    equal(await next(), "STATUS=Waiting for a database");
    equal(entries(env.RUNTIME_DIRECTORY).length, 1);
    manager.notifyReady(() => true);
    manager.notifyStopping();
    await manager.close();
    deepEqual(await within(50), [
      "READY=1\nSTATUS=Working",
      "STOPPING=1\nSTATUS=Finishing work in progress",
    ]);
    deepEqual(entries(env.RUNTIME_DIRECTORY), []);
  });
});

Deno.test("ServiceManager does nothing without $NOTIFY_SOCKET", async () => {
  await inUnit(async ({ env, within }) => {
    const { RUNTIME_DIRECTORY } = env;
    const manager = managerIn({ RUNTIME_DIRECTORY, WATCHDOG_USEC: "20000" });
    manager.notifyReady(() => true);
    deepEqual(entries(RUNTIME_DIRECTORY), []);
    deepEqual(await within(50), []);
    await manager.close();
  });
});

Deno.test("ServiceManager notifies the watchdog every half of its timeout while the worker is alive", async () => {
  await inUnit(async ({ env, next, within }) => {
    const manager = managerIn({ ...env, WATCHDOG_USEC: "400000", WATCHDOG_PID: `${Deno.pid}` });
    deepEqual(await within(300), [], "not before it is ready");
    let alive = true;
    manager.notifyReady(() => alive);
    match(await next(), /^READY=1/);
    const since = Date.now();
    for (let times = 0; times < 3; times++) equal(await next(), "WATCHDOG=1");
    const waited = Date.now() - since;
    equal(waited > 550 && waited < 1000, true, `waited ${waited} ms`);
    alive = false;
    deepEqual(await within(500), []);
    alive = true;
    equal(await next(), "WATCHDOG=1");
    await manager.close();
    deepEqual(await within(300), []);
  });
});

for (
  const [what, watchdog] of Object.entries({
    "missing": {},
    "not a number": { WATCHDOG_USEC: "soon" },
    "0": { WATCHDOG_USEC: "0" },
    "another process's": { WATCHDOG_USEC: "20000", WATCHDOG_PID: "1" },
  })
) {
  Deno.test(`ServiceManager does not notify a watchdog whose settings are ${what}`, async () => {
    await inUnit(async ({ env, next, within }) => {
      const manager = managerIn({ ...env, ...watchdog });
      manager.notifyReady(() => true);
      equal(await next(), "READY=1\nSTATUS=Working");
      deepEqual(await within(100), []);
      await manager.close();
    });
  });
}

for (
  const [what, broken] of Object.entries({
    "an abstract socket": { NOTIFY_SOCKET: "@abstract" },
    "no runtime directory": { RUNTIME_DIRECTORY: "" },
    "a missing runtime directory": { RUNTIME_DIRECTORY: "/nonexistent/folder" },
    "a missing socket": { NOTIFY_SOCKET: "/nonexistent/socket" },
  })
) {
  Deno.test(`archive run continues with a warning if it finds ${what}`, async () => {
    await inUnit(async ({ env }) => {
      const installation = await install({});
      const { code, stderr } = await runService("archive", {
        config: installation.config.file!,
        flags: ["--once"],
        env: { ...env, ...broken },
      }).output();
      await installation.close();
      equal(code, 0);
      match(
        new TextDecoder().decode(stderr),
        /^warning: Cannot notify the service manager/m,
      );
    });
  });
}

for (const program of ["archive", "report"] as const) {
  Deno.test(`${program} run notifies the service manager until it is told to stop`, async () => {
    await inUnit(async ({ env, next }) => {
      const installation = await install({ program });
      const child = runService(program, {
        config: installation.config.file!,
        env: { ...env, WATCHDOG_USEC: "100000" },
      });
      equal(await next(), "READY=1\nSTATUS=Working");
      for (let times = 0; times < 3; times++) equal(await next(), "WATCHDOG=1");
      child.kill("SIGTERM");
      let message = await next();
      while (message === "WATCHDOG=1") message = await next();
      equal(message, "STOPPING=1\nSTATUS=Finishing work in progress");
      equal((await child.output()).code, 0);
      deepEqual(entries(env.RUNTIME_DIRECTORY), []);
      await installation.close();
    });
  });
}

Deno.test("archive run notifies the service manager that it waits for a database", async () => {
  await inUnit(async ({ env, next }) => {
    const installation = await install({});
    const flags = ["--set", "cache.mongo_url=mongodb://127.0.0.1:1/"];
    const child = runService("archive", { config: installation.config.file!, flags, env });
    equal(await next(), "STATUS=Waiting for a database");
    child.kill("SIGTERM");
    equal(await next(), "STOPPING=1\nSTATUS=Finishing work in progress");
    equal((await child.output()).code, 0);
    await installation.close();
  });
});

type ServiceOptions = {
  /** Path of the configuration. */
  readonly config: string;
  readonly flags?: readonly string[];
  readonly env: { readonly [name: string]: string };
};

/** Starts the program as a unit would, with this environment. */
function runService(
  program: string,
  { config, flags = [], env }: ServiceOptions,
): Deno.ChildProcess {
  const command = commandOf(program, ["-A"]);
  return new Deno.Command(command.path, {
    args: [...command.args, "--config", config, "run", ...flags],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
