import { deepEqual, equal, match } from "../assert.ts";
import { removeUser } from "../../lib/identity/removal.ts";
import { issueToken } from "../../lib/identity/token.ts";
import { authorization, doorTest, SECRET } from "./open_door.ts";

const SELF = "/user/info/self";

const INVALID = "Invalid/missing token in auth header!";

const HEADERS: readonly (readonly [string, string])[] = [
  ["", INVALID],
  ["Bearer", INVALID],
  ["Bearer invalid", INVALID],
  ["Bearer ", INVALID],
  ["Invalid JWT token", "Token must be of type Bearer!"],
  ["Basic eDp5", "Token must be of type Bearer!"],
];

for (const [header, message] of HEADERS) {
  doorTest(`identify refuses the header ${JSON.stringify(header)}`, async (door) => {
    const answer = await door.request(SELF, { headers: { authorization: header } });
    deepEqual([answer.status, answer.body.message], [401, message]);
  });
}

doorTest("identify refuses a token of another secret", async (door) => {
  const headers = await authorization(await door.addUser("a@example.com"), "other");
  equal((await door.request(SELF, { headers })).status, 401);
});

doorTest("identify refuses users who were removed, and organisations", async (door) => {
  const member = await door.addUser("a@example.com");
  const lab = await door.addOrg("lab", [await door.addUser("b@example.com")]);
  equal((await door.as(member, SELF)).status, 200);
  await removeUser(door.identity, member);
  for (const nobody of [member, lab]) {
    const answer = await door.as(nobody, SELF);
    deepEqual([answer.status, answer.body.message], [401, "User does not exist!"]);
  }
});

doorTest("identify takes the token as a password under /api/v1", async (door) => {
  const member = await door.addUser("a@example.com");
  const basic = (token: string) => ({ authorization: `Basic ${btoa(`any:${token}`)}` });
  const path = "/api/v1/lookup?q=192.0.2.1";
  const token = await issueToken(member, SECRET);
  equal((await door.request(path, { headers: basic(token) })).status, 200);
  const refused = await door.request(path, { headers: basic("x") });
  deepEqual([refused.status, refused.body.title], [401, "Unauthorized"]);
  match(refused.headers.get("www-authenticate")!, /Bearer/);
  equal((await door.request(path, { headers: { authorization: "Basic %" } })).status, 401);
});

doorTest("identify takes a browser's session, which a token opens once", async (door) => {
  const member = await door.addUser("a@example.com");
  const address = `/?token=${door.sessions.offer(member._hash)}`;
  const opened = await door.request(address);
  deepEqual([opened.status, opened.headers.get("location")], [302, "/"]);
  const cookie = opened.headers.get("set-cookie")!;
  match(cookie, /; HttpOnly; SameSite=Strict$/);
  const headers = { cookie: `other=1; ${cookie.split(";")[0]}` };
  equal((await door.request(SELF, { headers })).body.result._hash, member._hash);
  equal((await door.request("/", { headers })).status, 200);
  deepEqual((await door.request(address)).status, 401);
  equal((await door.request("/?token=guess")).status, 401);
  equal((await door.request(SELF, { headers: { cookie: "cybexp_session=guess" } })).status, 401);
}, { loopbackOnly: true });

doorTest("identify believes a session's POST only from a page of its own", async (door) => {
  const member = await door.addUser("a@example.com");
  const secret = door.sessions.open(door.sessions.offer(member._hash))!;
  const post = async (headers: Record<string, string>) => {
    const cookie = `cybexp_session=${secret}`;
    const init = { method: "POST", body: '{"values":[]}', headers: { cookie, ...headers } };
    return (await door.request("/api/v1/lookup", init)).status;
  };
  const host = "127.0.0.1:8480";
  equal(await post({ host, origin: "http://127.0.0.1:8480" }), 200);
  equal(await post({ host }), 403);
  for (const origin of ["http://evil.example", "http://127.0.0.1:1", "null", ""]) {
    equal(await post({ host, origin }), 403, origin);
  }
});

doorTest("identify prefers a token to a session", async (door) => {
  const [one, two] = [await door.addUser("1@example.com"), await door.addUser("2@example.com")];
  const cookie = `cybexp_session=${door.sessions.open(door.sessions.offer(one._hash))}`;
  const headers = { ...await authorization(two), cookie };
  equal((await door.request(SELF, { headers })).body.result._hash, two._hash);
});

doorTest("identify counts requests by user, and guesses by address", async (door) => {
  const [one, two] = [await door.addUser("1@example.com"), await door.addUser("2@example.com")];
  const status = async (user: typeof one) => (await door.as(user, SELF)).status;
  deepEqual([await status(one), await status(one), await status(one)], [200, 200, 429]);
  deepEqual([await status(two), await status(two), await status(two)], [200, 200, 429]);
  const limited = await door.as(one, SELF);
  equal(limited.headers.get("retry-after"), "60");
  match(limited.body.message, /2 a minute are allowed/);
  const guess = async (address: string) => (await door.request(SELF, {}, address)).status;
  deepEqual([await guess("192.0.2.9"), await guess("192.0.2.9")], [401, 401]);
  deepEqual([await guess("192.0.2.9"), await guess("192.0.2.8")], [429, 401]);
  door.clock.now += 60;
  equal(await status(one), 200);
}, { requestsPerMinute: 2 });
