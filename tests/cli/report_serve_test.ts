import { equal, match } from "../assert.ts";
import { inFolder } from "./in_folder.ts";

const REFUSED: readonly (readonly [string, number, RegExp])[] = [
  ["serve --listen 0.0.0.0:8480", 78, /Cannot listen at 0\.0\.0\.0:8480 without TLS/],
  ["serve --listen [::]:8480", 78, /Cannot listen at \[::\]:8480 without TLS/],
  ["serve --listen 192.0.2.1:8480 --behind-proxy", 78, /secret that everybody knows/],
  ["serve --behind-proxy", 78, /Set identity\.secret/],
  ["serve --behind-proxy -s identity.secret=secret", 78, /Set identity\.secret/],
  ["serve -s door.listen=0.0.0.0:1", 78, /without TLS/],
  ["serve -s door.listen=localhost:1", 78, /door\.listen must be an IP address and a port/],
  ["serve -s identity.secret=", 78, /identity\.secret must not be empty/],
  ["serve --listen 8480", 2, /--listen must be an IP address and a port/],
  ["serve --behind-proxy --user a@example.com", 2, /--user is for a browser on this machine/],
  ["serve --tls-cert a.pem", 2, /belong together/],
  ["serve --tls-key a.pem", 2, /belong together/],
  ["serve --tls-cert a.pem --tls-key b.pem", 78, /Cannot read a\.pem: it does not exist/],
  ["serve", 1, /There is no user to ask as.*report users add/],
  ["users token nobody@example.com", 1, /there is no such user.*report users list/],
];

for (const [args, code, message] of REFUSED) {
  Deno.test(`report ${args} ends with exit code ${code}`, async () => {
    await inFolder("report", async (run) => {
      const result = await run(args);
      match(result.err, message);
      equal(result.code, code, result.err);
    });
  });
}

Deno.test("report users token prints a new token each time", async () => {
  await inFolder("report", async (run) => {
    await run("users add analyst@example.com --org example");
    const first = await run("users token analyst@example.com");
    const second = await run("users token analyst@example.com");
    equal(first.code, 0);
    match(first.out, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    equal(first.out === second.out, false);
    match((await run("config show")).out, /identity\.secret +\*\*\*/);
  });
});
