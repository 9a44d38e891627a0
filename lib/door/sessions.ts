import { createHash, randomBytes } from "node:crypto";
import type { Hash } from "../tahoe/instance.ts";

/** The most sessions at the same time; then the oldest one ends. */
const MOST_SESSIONS = 10_000;

/**
 * Sessions of browsers. Each begins with a token in an address, which can be used once, or with a
 * user's own token, and lasts as long as the program. Only hashes are kept: so looking one up takes a time that tells nothing of it.
 */
export class Sessions {
  /** Users by hashes of tokens that nobody has used yet. */
  readonly #offers = new Map<string, Hash>();
  /** Users by hashes of the values of cookies. */
  readonly #open = new Map<string, Hash>();

  /** Makes a token with which a browser can once become the user's. */
  offer(userid: Hash): string {
    return put(this.#offers, userid);
  }

  /** Takes a token, and opens a session; undefined if there is no such token, or it was used. */
  open(token: string): string | undefined {
    const userid = this.#offers.get(hashOf(token));
    if (userid === undefined) return undefined;
    this.#offers.delete(hashOf(token));
    return this.start(userid);
  }

  /** Opens a session of a user who is known; returns its secret. */
  start(userid: Hash): string {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MOST_SESSIONS) this.#open.delete(oldest);
    return put(this.#open, userid);
  }

  /** Ends a session, if there is one of this secret. */
  end(secret: string): void {
    this.#open.delete(hashOf(secret));
  }

  /** Finds the user of a session. */
  find(secret: string): Hash | undefined {
    return this.#open.get(hashOf(secret));
  }
}

/** Puts a user under the hash of a new secret, which it returns. */
function put(users: Map<string, Hash>, userid: Hash): string {
  const secret = randomBytes(32).toString("base64url");
  users.set(hashOf(secret), userid);
  return secret;
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
