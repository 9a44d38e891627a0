import { createHmac } from "node:crypto";
import { equal, notEqual } from "../assert.ts";
import { issueToken, readToken } from "../../lib/identity/token.ts";
import { user } from "../../lib/identity/user.ts";

const MEMBER = user({ email: "a@example.com" }).user;

function encode(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Makes a token as somebody else may make it. */
function token(
  header: object,
  payload: object,
  { secret = "secret", hash = "sha256" } = {},
): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest("base64url")}`;
}

const HEADER = { typ: "JWT", alg: "HS256" };
const PAYLOAD = { sub_type: "cybexp_user", _hash: MEMBER._hash, jti: "x" };

Deno.test("readToken reads whose token issueToken made", async () => {
  equal(await readToken(await issueToken(MEMBER, "s"), "s"), MEMBER._hash);
  notEqual(await issueToken(MEMBER, "s"), await issueToken(MEMBER, "s"));
});

Deno.test("readToken reads tokens of the existing system", async () => {
  equal(await readToken(token(HEADER, PAYLOAD), "secret"), MEMBER._hash);
  equal(await readToken(token(HEADER, { ...PAYLOAD, exp: 4_000_000_000 }), "secret"), MEMBER._hash);
});

const FORGED: { readonly [what: string]: string } = {
  "no algorithm": `${encode({ ...HEADER, alg: "none" })}.${encode(PAYLOAD)}.`,
  "no algorithm, in capitals": `${encode({ ...HEADER, alg: "NONE" })}.${encode(PAYLOAD)}.`,
  "no signature": token(HEADER, PAYLOAD).replace(/[^.]*$/, ""),
  "another algorithm": token({ ...HEADER, alg: "HS512" }, PAYLOAD, { hash: "sha512" }),
  "the name of another algorithm": token({ ...HEADER, alg: "HS512" }, PAYLOAD),
  "another secret": token(HEADER, PAYLOAD, { secret: "other" }),
  "an empty secret": token(HEADER, PAYLOAD, { secret: "" }),
  "an end that is past": token(HEADER, { ...PAYLOAD, exp: 1 }),
  "a beginning that is to come": token(HEADER, { ...PAYLOAD, nbf: 4_000_000_000 }),
  "no hash": token(HEADER, { sub_type: "cybexp_user" }),
  "a hash that is not a string": token(HEADER, { ...PAYLOAD, _hash: { $ne: 1 } }),
  "a critical extension": token({ ...HEADER, crit: ["x"], x: 1 }, PAYLOAD),
  "other text": "a.b.c",
  "nothing": "",
};

for (const [what, forged] of Object.entries(FORGED)) {
  Deno.test(`readToken refuses a token with ${what}`, async () => {
    equal(await readToken(forged, "secret"), undefined);
  });
}
