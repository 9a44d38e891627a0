import { findUserByHash } from "../identity/user.ts";
import { readToken } from "../identity/token.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { Refusal } from "./refusal.ts";
import type { RequestLimit } from "./request_limit.ts";
import { checkOrigin } from "./same_origin.ts";
import { readSessionCookie } from "./session_cookie.ts";
import type { Sessions } from "./sessions.ts";

/** The user who sent a request. */
export type Caller = { readonly user: TahoeObject };

/** The schemes of the header Authorization that a route takes. */
export type Scheme = "Bearer" | "Basic";

export type CallersOptions = {
  readonly identity: InstanceStore;
  /** What tokens are signed with. */
  readonly secret: string;
  readonly sessions: Sessions;
  readonly requests: RequestLimit;
  /** Called when the database of the users has answered. */
  readonly onAvailable?: () => void;
};

const INVALID = "Invalid/missing token in auth header!";

/** Finds out who sends requests, and counts them. */
export class Callers {
  readonly #options: CallersOptions;

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  /**
   * Identifies the user who sent a request, by its token or by the session of their browser.
   *
   * @throws {Refusal} 401 when nobody can be found; 403 when another site made the browser send it;
   * 429 when there were too many.
   */
  async identify(
    { method, headers }: Pick<Request, "method" | "headers">,
    address: string,
    schemes: readonly Scheme[] = ["Bearer"],
  ): Promise<Caller> {
    const { requests, identity } = this.#options;
    try {
      const userid = await this.#userid({ method, headers }, schemes);
      const user = await findUserByHash(identity, userid);
      this.#options.onAvailable?.();
      if (user === undefined) throw new Refusal(401, "User does not exist!");
      requests.count(user._hash);
      return { user };
    } catch (error) {
      // Guesses are counted by address.
      if (error instanceof Refusal && error.status === 401) requests.count(address);
      throw error;
    }
  }

  async #userid(
    request: Pick<Request, "method" | "headers">,
    schemes: readonly Scheme[],
  ): Promise<Hash> {
    const { secret, sessions } = this.#options;
    const authorization = request.headers.get("authorization");
    if (authorization !== null) {
      const userid = await readToken(readCredentials(authorization, schemes), secret);
      if (userid === undefined) throw new Refusal(401, INVALID);
      return userid;
    }
    const cookie = readSessionCookie(request.headers);
    const userid = cookie === undefined ? undefined : sessions.find(cookie);
    if (userid === undefined) throw new Refusal(401, INVALID);
    checkOrigin(request);
    return userid;
  }
}

/** Reads the token in the header Authorization: with the scheme Basic, it is the password. */
function readCredentials(authorization: string, schemes: readonly Scheme[]): string {
  const [, scheme, credentials] = /^(\S+) (.*)$/.exec(authorization) ?? [];
  if (scheme === undefined || credentials === undefined) throw new Refusal(401, INVALID);
  if (!(schemes as readonly string[]).includes(scheme)) {
    throw new Refusal(401, "Token must be of type Bearer!");
  }
  return scheme === "Basic" ? readPassword(credentials) : credentials.trim();
}

function readPassword(credentials: string): string {
  try {
    const text = atob(credentials.trim());
    return text.slice(text.indexOf(":") + 1);
  } catch {
    throw new Refusal(401, INVALID);
  }
}
