import { deepEqual, equal, match, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { ADDRESS, createCommunity, EMAIL, EVENTS } from "./community.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { countRequest, openDoor, type RunningDoor, uploadRequest } from "./open_door.ts";
import { testCutOff } from "./outage.ts";

const never = new AbortController().signal;

type Answer = Awaited<ReturnType<RunningDoor["ask"]>>;

async function createToken(installation: Installation): Promise<string> {
  await createCommunity(installation);
  const { out } = await installation.run("users", "token", EMAIL);
  return out.trim();
}

async function withInstallation(
  mongo: string | undefined,
  body: (installation: Installation, token: string) => Promise<void>,
): Promise<void> {
  const installation = await install({
    program: "report",
    ...(mongo !== undefined && { mongo }),
  });
  try {
    await body(installation, await createToken(installation));
  } finally {
    await installation.close();
  }
}

/** Connects, and sends the beginning of a request. */
async function begin({ url }: RunningDoor, text: string): Promise<Deno.TcpConn> {
  const { hostname, port } = new URL(url);
  const client = await Deno.connect({ hostname, port: Number(port) });
  await client.write(new TextEncoder().encode(text));
  return client;
}

/** Reads what a connection answers until it ends. */
async function readAll(client: Deno.TcpConn): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(4096);
  while (true) {
    const length = await client.read(buffer).catch(() => null);
    if (length === null) return text;
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
}

Deno.test("report serve serves others while clients are slow, and ends these with a reason", async () => {
  await withInstallation(undefined, async (installation, token) => {
    const door = await openDoor(installation);
    const many = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: 60 }, make));
    const heads = await many(() => begin(door, "GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "));
    const upload = "POST /raw HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n" +
      `Content-Type: multipart/form-data; boundary=B\r\nAuthorization: Bearer ${token}\r\n\r\n--B`;
    const session = `POST /session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\nOrigin: ` +
      "http://127.0.0.1\r\n\r\n{";
    const bodies = [
      ...await many(() => begin(door, upload)),
      ...await many(() => begin(door, session)),
    ];
    const began = performance.now();
    for (let i = 0; i < 20; i++) {
      equal((await door.ask(token, `/api/v1/count?q=192.0.2.${i}`)).status, 200);
      equal((await door.ask(token, "/raw", uploadRequest(`n${i}`, `${i}`))).status, 201);
    }
    const seconds = (performance.now() - began) / 1000;
    ok(seconds < 15, `${seconds} s`);
    const ended = await Promise.all(bodies.map(readAll));
    for (const text of ended) match(text, /^HTTP\/1\.1 408 [^]*Cannot wait any longer/);
    deepEqual(new Set(await Promise.all(heads.map(readAll))), new Set([""]));
    for (const client of [...heads, ...bodies]) client.close();
    equal(await stop(door.program), 0);
  });
});

for (const mongo of [undefined, mongoUrl()].slice(0, mongoUrl() === undefined ? 1 : 2)) {
  const name = mongo === undefined ? "SQLite" : "MongoDB";
  Deno.test(`report serve on ${name} answers 200 connections at once`, async () => {
    await withInstallation(mongo, async ({ start, stores }, token) => {
      const door = await openDoor(
        { start },
        "--answer-here",
        "--set",
        "door.questions=1000",
      );
      const requests = Array.from({ length: 200 }, (_, i): Promise<Answer> => {
        if (i % 4 === 0) return door.ask(token, "/raw", uploadRequest(`n${i}`, `${i}`));
        if (i % 4 === 1) return door.ask(token, "/query", countRequest(ADDRESS));
        if (i % 4 === 2) return door.ask(token, `/api/v1/lookup?q=${ADDRESS}`);
        return door.ask(token, "/api/v1/lookup", {
          method: "POST",
          body: JSON.stringify({ values: [ADDRESS, `192.0.2.${i}`] }),
        });
      });
      const answers = await Promise.all(requests);
      deepEqual(
        answers.map(({ status }) => status),
        answers.map((_, i) => i % 4 < 2 ? 201 : 200),
      );
      for (const { text } of answers.filter((_, i) => i % 4 === 1)) {
        equal(JSON.parse(text).data, EVENTS);
      }
      const options = { owner: "w", limit: 999, lease: 60, now: nowSeconds() };
      equal((await stores.lake.claim(options)).length, 50);
      equal(await stop(door.program), 0);
    });
  });
}

async function kill(worker: Deno.ChildProcess): Promise<void> {
  worker.kill("SIGKILL");
  if (!worker.stderr.locked) await worker.stderr.cancel();
  await worker.stdout.cancel();
  await worker.status;
}

const mongo = mongoUrl();
if (mongo !== undefined) {
  Deno.test("report serve tells right answers or none while its worker is killed", async () => {
    await withInstallation(mongo, async (installation, token) => {
      const door = await openDoor(installation);
      const startWorker = () => installation.start("run", "--set", "report.lease=2");
      let worker = startWorker();
      await untilLogged(worker, "Report started");
      const answers: Answer[] = [];
      const asking = (async () => {
        for (let i = 0; i < 30; i++) {
          answers.push(await door.ask(token, `/api/v1/count?q=${ADDRESS}&from=${i + 1}`));
        }
      })();
      for (let kills = 0; kills < 3; kills++) {
        await sleep(400, never);
        await kill(worker);
        worker = startWorker();
      }
      await asking;
      for (const { status, text } of answers) {
        ok(status === 200 || status === 202, `${status} ${text}`);
        if (status === 200) equal(JSON.parse(text).data, EVENTS);
      }
      await untilLogged(worker, "Report started");
      const last = await door.ask(token, `/api/v1/count?q=${ADDRESS}&from=99`);
      deepEqual([last.status, JSON.parse(last.text).data], [200, EVENTS]);
      equal(await stop(worker), 0);
      equal(await stop(door.program), 0);
    });
  });
}

testCutOff(
  "report serve says that its database is away, and keeps what it acknowledged",
  { program: "report" },
  async (outage, installation) => {
    const token = await createToken(installation);
    const door = await openDoor(installation, "--answer-here");
    const acknowledged: string[] = [];
    const faults = new Set<string>();
    let isOver = false;
    const sending = Array.from({ length: 4 }, async (_, sender) => {
      for (let i = 0; !isOver; i++) {
        const entry = `${sender}-${i}`;
        const uploaded = await door.ask(token, "/raw", uploadRequest(entry, entry));
        if (uploaded.status === 201) acknowledged.push(entry);
        else faults.add(`${uploaded.status} ${uploaded.text}`);
        const counted = await door.ask(token, `/api/v1/count?q=${ADDRESS}&from=${i + 1}`);
        if (counted.status === 200) equal(JSON.parse(counted.text).data, EVENTS);
        else faults.add(`${counted.status} ${counted.text}`);
      }
    });
    await sleep(1000, never);
    await outage.begin();
    await sleep(1500, never);
    outage.end();
    await sleep(2000, never);
    isOver = true;
    await Promise.all(sending);
    for (const fault of faults) match(fault, /^500 .*Database down/);
    equal((await door.ask(token, "/raw", uploadRequest("last", "x"))).status, 201);
    equal((await door.ask(token, `/api/v1/count?q=${ADDRESS}`)).status, 200);
    const options = { owner: "w", limit: 9999, lease: 60, now: nowSeconds() };
    const claims = await installation.stores.lake.claim(options);
    const names = new Set(claims.map(({ entry }) => entry["name"]));
    ok(acknowledged.length > 0, String(acknowledged.length));
    deepEqual(acknowledged.filter((entry) => !names.has(entry)), []);
    equal(await stop(door.program), 0);
  },
);
