import { errors, jwtVerify, SignJWT } from "jose";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";

const ALGORITHM = "HS256";

/** Makes a token with which a user can ask and upload, as the existing system makes it. */
export function issueToken(user: TahoeObject, secret: string): Promise<string> {
  return new SignJWT({ sub_type: user.sub_type, _hash: user._hash })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setJti(crypto.randomUUID())
    .sign(keyOf(secret));
}

/**
 * Reads whose token it is. Returns undefined if it was not signed with the secret, by another
 * algorithm or not at all, or if it has run out.
 */
export async function readToken(token: string, secret: string): Promise<Hash | undefined> {
  try {
    const { payload } = await jwtVerify(token, keyOf(secret), { algorithms: [ALGORITHM] });
    const { _hash } = payload;
    return typeof _hash === "string" ? _hash : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
