/** Browsers send cookies to all ports of a host; nothing else there has one of this name. */
const NAME = "cybexp_session";

type CookieOptions = {
  /** Whether the server is reached over plain HTTP, on this machine only. */
  readonly loopbackOnly: boolean;
};

/** Writes the header that makes a browser keep a session: no script reads it, no other site sends it. */
export function sessionCookie(secret: string, { loopbackOnly }: CookieOptions): string {
  return `${NAME}=${secret}; Path=/; HttpOnly; SameSite=Strict${loopbackOnly ? "" : "; Secure"}`;
}

/** Writes the header that makes a browser forget its session. */
export function endedSessionCookie(options: CookieOptions): string {
  return `${sessionCookie("", options)}; Max-Age=0`;
}

/** Reads the secret of a session; undefined if the request has none. */
export function readSessionCookie(headers: Headers): string | undefined {
  const cookies = headers.get("cookie")?.split(";").map((cookie) => cookie.trim()) ?? [];
  return cookies.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}
