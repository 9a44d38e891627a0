/** Browsers send cookies to all ports of a host; nothing else there has one of this name. */
const NAME = "cybexp_session";

/** Writes the header that makes a browser keep a session: no script reads it, no other site sends it. */
export function sessionCookie(secret: string): string {
  return `${NAME}=${secret}; Path=/; HttpOnly; SameSite=Strict`;
}

/** Reads the secret of a session; undefined if the request has none. */
export function readSessionCookie(headers: Headers): string | undefined {
  const cookies = headers.get("cookie")?.split(";").map((cookie) => cookie.trim()) ?? [];
  return cookies.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}
