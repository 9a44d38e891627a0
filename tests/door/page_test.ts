import { deepEqual, equal, match } from "../assert.ts";
import { issueToken } from "../../lib/identity/token.ts";
import { type Door, doorTest, SECRET } from "./open_door.ts";

const ORIGIN = { host: "127.0.0.1", origin: "http://127.0.0.1" };

function signIn(door: Door, token: unknown, headers: Record<string, string> = ORIGIN) {
  return door.request("/session", { method: "POST", headers, body: JSON.stringify({ token }) });
}

doorTest("the page allows its own files only, and browsers keep them", async (door) => {
  for (const path of ["/", "/live.js", "/page.css"]) {
    const { status, headers, body } = await door.request(path);
    equal(status, 200);
    const policy = headers.get("content-security-policy")!;
    match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/);
    equal(/unsafe|https?:/.test(policy), false);
    equal(/<script>|onerror=/.test(path === "/" ? body : ""), false);
    const again = await door.request(path, { headers: { "if-none-match": headers.get("etag")! } });
    deepEqual([again.status, again.body], [304, ""]);
  }
});

doorTest("a token opens a session, which ends", async (door) => {
  const user = await door.addUser("a@example.com");
  await door.addOrg("lab", [user]);
  const { status, body, headers } = await signIn(door, await issueToken(user, SECRET));
  equal(status, 200);
  deepEqual([body.user, Object.values(body.organisations), body.empty], [
    "a@example.com",
    ["lab"],
    true,
  ]);
  const cookie = headers.get("set-cookie")!;
  match(cookie, /^cybexp_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  const session = { ...ORIGIN, cookie: cookie.split(";")[0]! };
  equal((await door.request("/session", { headers: session })).body.user, "a@example.com");
  const ended = await door.request("/session", { method: "DELETE", headers: session });
  equal(ended.status, 204);
  match(ended.headers.get("set-cookie")!, /^cybexp_session=; .*; Max-Age=0$/);
  equal((await door.request("/session", { headers: session })).status, 401);
  deepEqual((await door.request("/session")).body, { user: null });
});

doorTest("a cookie on this machine needs no TLS", async (door) => {
  const user = await door.addUser("a@example.com");
  const { headers } = await signIn(door, await issueToken(user, SECRET));
  match(headers.get("set-cookie")!, /; SameSite=Strict$/);
}, { loopbackOnly: true });

doorTest("nobody signs in with what is not a token, or from another site", async (door) => {
  const user = await door.addUser("a@example.com");
  for (const token of ["", "x", 1, null, "a\nb", await issueToken(user, "another secret")]) {
    const { status, headers } = await signIn(door, token);
    deepEqual([status, headers.get("set-cookie")], [401, null]);
  }
  const token = await issueToken(user, SECRET);
  for (const headers of [{}, { ...ORIGIN, origin: "http://evil.example" }]) {
    equal((await signIn(door, token, headers)).status, 403);
  }
});

doorTest("guesses of a token are counted", async (door) => {
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await signIn(door, "guess")).status);
  deepEqual(statuses, [401, 401, 429, 429]);
}, { requestsPerMinute: 2 });
