import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import PAGE_SCRIPT from "../answers/export/page/live.js" with { type: "text" };
import PAGE_STYLE from "../answers/export/page/page.css" with { type: "text" };
import type { DoorEnvironment } from "./environment.ts";
import { Refusal } from "./refusal.ts";
import { sessionCookie } from "./session_cookie.ts";
import type { Sessions } from "./sessions.ts";

export type PageOptions = {
  readonly sessions: Sessions;
  /** Whether browsers reach this server over plain HTTP, on this machine only. */
  readonly loopbackOnly: boolean;
};

/** Allows the page's own script and style, and requests to this server; nothing else. The icon is an empty one. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const DOCUMENT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cybexp</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/live.js"></script>
</head>
<body>
<noscript>This page needs JavaScript, which is turned off here.</noscript>
</body>
</html>
`;

/** The page that people look at, and the files that it consists of. */
export function page({ sessions, loopbackOnly }: PageOptions): Hono<DoorEnvironment> {
  const app = new Hono<DoorEnvironment>();
  app.get("/", ({ req }) => {
    const token = req.query("token");
    if (token === undefined) return file(req, { text: DOCUMENT, type: "text/html" });
    const secret = sessions.open(token);
    if (secret === undefined) {
      throw new Refusal(
        401,
        "Cannot open a session: the token of this address was used already, or is of an earlier " +
          "start. Start report serve again, and open the address that it prints",
      );
    }
    // The token does not stay in the address, nor in the browser's history.
    const headers = { location: "/", "set-cookie": sessionCookie(secret, { loopbackOnly }) };
    return new Response(null, { status: 302, headers });
  });
  app.get("/live.js", ({ req }) => file(req, { text: PAGE_SCRIPT, type: "text/javascript" }));
  app.get("/page.css", ({ req }) => file(req, { text: PAGE_STYLE, type: "text/css" }));
  return app;
}

type PageFile = { readonly text: string; readonly type: string };

/** Sends a file, unless the browser has it. */
function file(request: Context["req"], { text, type }: PageFile): Response {
  const etag = `"${createHash("sha256").update(text).digest("base64url")}"`;
  const headers = {
    "cache-control": "no-cache",
    "content-security-policy": POLICY,
    "content-type": `${type}; charset=utf-8`,
    etag,
  };
  const isKnown = request.header("if-none-match")?.includes(etag) ?? false;
  return isKnown ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
}
