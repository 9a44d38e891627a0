import { deepEqual, equal, match, rejects } from "../assert.ts";
import { fileURLToPath } from "node:url";
import { freePort } from "../cli/free_port.ts";
import { readExposition } from "../metrics/read_exposition.ts";
import { createCommunity, EMAIL } from "./community.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { uploadRequest } from "./open_door.ts";

/** A certificate of 127.0.0.1 and localhost, its key, and the authority that signed it. */
const pathOf = (name: string) => fileURLToPath(new URL(`tls/${name}.pem`, import.meta.url));
const CERT = pathOf("cert");
const KEY = pathOf("key");

const SECRET = ["--set", "identity.secret=a secret of this test"];

async function withToken(
  body: (installation: Installation, token: string) => Promise<void>,
): Promise<void> {
  const installation = await install({ program: "report" });
  try {
    await createCommunity(installation);
    const { out } = await installation.run("users", "token", EMAIL, ...SECRET);
    await body(installation, out.trim());
  } finally {
    await installation.close();
  }
}

async function withClient(body: (client: Deno.HttpClient) => Promise<void>): Promise<void> {
  using client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(pathOf("ca"))] });
  await body(client);
}

async function ask(url: string, token: string, init: RequestInit & { client: Deno.HttpClient }) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url, { ...init, headers });
  return { status: response.status, text: await response.text() };
}

Deno.test("report serve has TLS itself, for other machines, too", async () => {
  await withToken(async ({ start }, token) => {
    const port = freePort();
    const tls = ["--tls-cert", CERT, "--tls-key", KEY];
    const program = start("serve", "--listen", `0.0.0.0:${port}`, ...tls, ...SECRET);
    await untilLogged(program, "Door open");
    await withClient(async (client) => {
      for (const host of ["127.0.0.1", "localhost"]) {
        const url = `https://${host}:${port}`;
        const uploaded = await ask(`${url}/raw`, token, { ...uploadRequest("n", "x"), client });
        equal(uploaded.status, 201, uploaded.text);
        equal((await ask(`${url}/api/v1/count?q=192.0.2.1`, token, { client })).status, 200);
      }
      await rejects(fetch(`http://127.0.0.1:${port}/ping`, { client }));
      // Whoever does not trust the authority does not connect.
      await rejects(fetch(`https://127.0.0.1:${port}/ping`));
    });
    equal(await stop(program), 0);
  });
});

Deno.test("report serve refuses a certificate and a key that do not belong together", async () => {
  await withToken(async ({ run }) => {
    const flags = ["--listen", `127.0.0.1:${freePort()}`, "--tls-cert", CERT, "--tls-key"];
    const { code, err } = await run("serve", ...flags, CERT);
    equal(code, 78);
    match(err, /Cannot use the files of --tls-cert and --tls-key/);
  });
});

Deno.test("report serve behind a proxy with TLS counts by the address that the proxy names", async () => {
  await withToken(async ({ start }, token) => {
    const [port, metrics] = [freePort(), freePort()];
    const set = ["door.requests_per_minute=3", `door.metrics=127.0.0.1:${metrics}`]
      .flatMap((setting) => ["--set", setting]);
    const listen = ["serve", "--listen", `127.0.0.1:${port}`, "--behind-proxy"];
    const program = start(...listen, ...set, ...SECRET);
    await untilLogged(program, "Door open");
    await using proxy = await openProxy(port);
    await withClient(async (client) => {
      const url = `https://127.0.0.1:${proxy.port}`;
      const uploaded = await ask(`${url}/raw`, token, { ...uploadRequest("n", "x"), client });
      equal(uploaded.status, 201, uploaded.text);
      // Guesses from one address do not keep others out.
      const guess = async (address: string) => {
        proxy.client = address;
        return (await ask(`${url}/api/v1/count?q=192.0.2.1`, "guess", { client })).status;
      };
      const statuses: number[] = [];
      for (let i = 0; i < 4; i++) statuses.push(await guess("192.0.2.1"));
      deepEqual(statuses, [401, 401, 401, 429]);
      equal(await guess("192.0.2.2"), 401);
    });
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    const refused = readExposition(text).get("cybexp_door_refused_total")!.samples
      .find(({ labels }) => labels["kind"] === "requests");
    equal(refused?.value, 1);
    equal(await stop(program), 0);
  });
});

/** Opens a reverse proxy as deploy/README.md says: it has TLS, and names the client's address. */
async function openProxy(target: number) {
  const state = { client: "192.0.2.9" };
  const [cert, key] = await Promise.all([Deno.readTextFile(CERT), Deno.readTextFile(KEY)]);
  const options = { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => {} };
  const server = Deno.serve(options, (request) => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set("x-forwarded-for", `203.0.113.99, ${state.client}`);
    const { method, body } = request;
    return fetch(`http://127.0.0.1:${target}${pathname}${search}`, { method, headers, body });
  });
  return {
    port: server.addr.port,
    set client(address: string) {
      state.client = address;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
