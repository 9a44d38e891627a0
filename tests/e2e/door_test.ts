import { deepEqual, equal, match, ok } from "../assert.ts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../compile/permissions.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { freePort } from "../cli/free_port.ts";
import { commandOf } from "../program.ts";
import { mongoUrl } from "../mongo/server.ts";
import { ADDRESS, createCommunity, EMAIL, EVENTS } from "./community.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { countRequest, openDoor, uploadRequest } from "./open_door.ts";

const READER = fileURLToPath(new URL("door_reader.ts", import.meta.url));

const mongo = mongoUrl();
runTests("SQLite", undefined);
if (mongo !== undefined) {
  runTests("MongoDB", mongo);
  doorTest(
    "report serve on MongoDB says that nobody answers, and answers here on demand",
    mongo,
    async (installation, token) => {
      const alone = await openDoor(installation);
      const { status, text } = await alone.ask(token, "/query", countRequest(ADDRESS));
      deepEqual([status, JSON.parse(text).status], [202, "processing"]);
      equal(await stop(alone.program), 0);
      const here = await openDoor(installation, "--answer-here");
      const answer = await here.ask(token, "/query", countRequest(ADDRESS));
      deepEqual([answer.status, JSON.parse(answer.text).data], [201, EVENTS]);
      equal(await stop(here.program), 0);
    },
  );
}

type Body = (installation: Installation, token: string) => Promise<void>;

function doorTest(name: string, mongo: string | undefined, body: Body): void {
  Deno.test(name, async () => {
    const installation = await install({
      program: "report",
      ...(mongo !== undefined && { mongo }),
    });
    try {
      await createCommunity(installation);
      const { out } = await installation.run("users", "token", EMAIL);
      await body(installation, out.trim());
    } finally {
      await installation.close();
    }
  });
}

function runTests(name: string, mongo: string | undefined): void {
  doorTest(
    `report serve on ${name} keeps what it acknowledged, though it is killed at once`,
    mongo,
    async (installation, token) => {
      const { stores } = installation;
      const acknowledged: string[] = [];
      for (let round = 0; round < 3; round++) {
        const { program, ask } = await openDoor(installation);
        // Killed as soon as the first of them is acknowledged: the others may or may not be.
        const uploads = Array.from({ length: 8 }, async (_, i) => {
          const entry = `${round}-${i}`;
          const request = uploadRequest(entry, `{"ipv4": "192.0.2.${round * 8 + i}"}`);
          const answer = await ask(token, "/raw", request).catch(() => undefined);
          if (answer?.status !== 201) return;
          program.kill("SIGKILL");
          acknowledged.push(entry);
        });
        await Promise.all(uploads);
        await program.stdout.cancel();
        await program.status;
      }
      const claims = await stores.lake.claim({
        owner: "w",
        limit: 99,
        lease: 60,
        now: nowSeconds(),
      });
      const names = new Set(claims.map(({ entry }) => entry["name"]));
      ok(acknowledged.length >= 3, String(acknowledged.length));
      deepEqual(acknowledged.filter((entry) => !names.has(entry)), []);
    },
  );

  doorTest(`report serve on ${name} answers questions`, mongo, async (installation, token) => {
    // On MongoDB, report run answers; on SQLite, the door itself does.
    const worker = mongo === undefined ? undefined : installation.start("run");
    if (worker !== undefined) await untilLogged(worker, "Report started");
    const { program, ask } = await openDoor(installation);
    const first = await ask(token, "/query", countRequest(ADDRESS));
    equal(first.status, 201, first.text);
    equal(JSON.parse(first.text).data, EVENTS);
    deepEqual(await ask(token, "/query", countRequest(ADDRESS)), first);
    equal(await stop(program), 0);
    if (worker !== undefined) equal(await stop(worker), 0);
  });

  doorTest(
    `report serve on ${name} finishes requests when it is told to stop`,
    mongo,
    async (installation, token) => {
      const { program, ask, url } = await openDoor(installation);
      let finish = () => {};
      const { body, headers } = slowUpload(new Promise((resolve) => finish = resolve));
      const uploading = fetch(`${url}/raw`, {
        method: "POST",
        body,
        headers: { ...headers, authorization: `Bearer ${token}` },
      });
      equal((await ask(token, "/user/info/self")).status, 200);
      const stopped = stop(program);
      const late = await until(() => ask(token, "/ping").then(() => undefined, (error) => error));
      ok(late instanceof TypeError);
      finish();
      const uploaded = await uploading;
      deepEqual([uploaded.status, await uploaded.json()], [201, {
        message: "File uploaded successfully!",
      }]);
      equal(await stopped, 0);
    },
  );

  doorTest(
    `report serve on ${name} needs no more than the executables' permissions`,
    mongo,
    async (installation, token) => {
      const { path, args } = commandOf("report", PERMISSIONS["report"]!);
      const start = (...more: string[]) =>
        new Deno.Command(path, {
          args: [...args, "--config", `${installation.folder}/config.json`, ...more],
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
      const { program, ask } = await openDoor({ start }, "--answer-here");
      equal((await ask(token, "/raw", uploadRequest("n", "{}"))).status, 201);
      equal((await ask(token, "/query", countRequest(ADDRESS))).status, 201);
      equal((await ask(token, "/api/v1/lookup?q=192.0.2.1")).status, 200);
      equal(await stop(program), 0);
    },
  );
}

Deno.test("report serve keeps no memory of what it refuses", async () => {
  const installation = await install({ program: "report" });
  try {
    await createCommunity(installation);
    const { out } = await installation.run("users", "token", EMAIL);
    const { program, ask } = await openDoor(installation);
    const before = residentMebibytes(program);
    const file = "x".repeat(33_000_000);
    for (let i = 0; i < 3; i++) {
      const answers = [
        await ask(out.trim(), "/raw", uploadRequest("n", file)),
        await ask(out.trim(), "/query", { method: "POST", body: file }),
        await ask("nobody", "/session", { method: "POST", body: file }),
      ];
      deepEqual(answers.map(({ status }) => status), [413, 413, 403]);
    }
    const gained = residentMebibytes(program) - before;
    ok(gained < 80, `${gained} MiB`);
    equal(await stop(program), 0);
  } finally {
    await installation.close();
  }
});

/** Memory that the real process of a program has in RAM: Deno from npm is a wrapper around it. */
function residentMebibytes({ pid }: Deno.ChildProcess): number {
  const children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim();
  const real = children === "" ? pid : Number(children.split(" ")[0]);
  const [, kibibytes] = /VmRSS:\s*(\d+) kB/.exec(Deno.readTextFileSync(`/proc/${real}/status`))!;
  return Number(kibibytes) / 1024;
}

/** Waits until a look finds something. */
async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  while (true) {
    const found = await look();
    if (found !== undefined) return found;
  }
}

/** An upload whose end comes once the promise resolves. */
function slowUpload(end: Promise<void>) {
  const part = (name: string, value: string) =>
    `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const start = part("name", "n") + part("typetag", "sighting") + part("orgid", "example") +
    '--B\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n{"ipv4":';
  const encode = (text: string) => new Uint8Array(new TextEncoder().encode(text));
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      controller.enqueue(encode(start));
      await end;
      controller.enqueue(encode('"192.0.2.1"}\r\n--B--\r\n'));
      controller.close();
    },
  });
  return { body, headers: { "content-type": "multipart/form-data; boundary=B" } };
}

Deno.test("report serve prints an address that opens one session", async () => {
  const installation = await install({ program: "report" });
  try {
    await createCommunity(installation);
    const { program } = await openDoor(installation, "--user", EMAIL);
    const address = await readAddress(program.stdout);
    const opened = await fetch(address, { redirect: "manual" });
    deepEqual([opened.status, opened.headers.get("location")], [302, "/"]);
    await opened.body?.cancel();
    const again = await fetch(address);
    equal(again.status, 401);
    match(await again.text(), /was used already/);
    const cookie = opened.headers.get("set-cookie")!.split(";")[0]!;
    const self = await fetch(new URL("/user/info/self", address), { headers: { cookie } });
    deepEqual((await self.json()).result.data.email_addr, [EMAIL]);
    program.kill("SIGTERM");
    equal((await program.status).code, 0);
  } finally {
    await installation.close();
  }
});

Deno.test("report serve says that its port is taken", async () => {
  const installation = await install({ program: "report" });
  try {
    using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { code, err } = await installation.run(
      "serve",
      "--listen",
      `127.0.0.1:${other.addr.port}`,
    );
    equal(code, 78);
    match(err, /Cannot listen at 127\.0\.0\.1:\d+: another program uses it\. Choose another/);
  } finally {
    await installation.close();
  }
});

reachTest(undefined);
if (mongo !== undefined) reachTest(mongo);

/** Checks what an open door can still do to files, programs and the environment. */
function reachTest(url: string | undefined): void {
  const name = url === undefined ? "SQLite" : "MongoDB";
  Deno.test(`report serve on ${name} can reach no file and start no program once it is open`, async () => {
    const installation = await install({
      program: "report",
      ...(url !== undefined && { mongo: url }),
    });
    try {
      await createCommunity(installation);
      const config = join(installation.folder, "config.json");
      const flags = ["run", "--quiet", ...PERMISSIONS["report"]!, READER, "--config", config];
      const listen = ["serve", "--listen", `127.0.0.1:${freePort()}`, "--answer-here"];
      const program = new Deno.Command(Deno.execPath(), {
        args: [...flags, ...listen],
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const results = JSON.parse(await readUntil(program.stdout, /^.*\}\n/)) as Record<
        string,
        string
      >;
      equal(Object.keys(results).length, 8);
      for (const [way, result] of Object.entries(results)) {
        match(result, /NotCapable|PermissionDenied|Requires \w+ access/, way);
      }
      program.kill("SIGTERM");
      equal((await program.status).code, 0);
    } finally {
      await installation.close();
    }
  });
}

/** Reads the address that the program prints. */
function readAddress(out: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return readUntil(out, /http:\S+(?=\s)/);
}

/** Reads until a text matches, and returns the match. */
async function readUntil(
  out: ReadableStream<Uint8Array<ArrayBuffer>>,
  pattern: RegExp,
): Promise<string> {
  let text = "";
  for await (const chunk of out.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined) return found;
  }
  throw new Error(`Nothing matches in ${text}`);
}
