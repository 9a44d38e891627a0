import { Hono } from "hono";
import type { DoorEnvironment } from "./environment.ts";
import { Refusal } from "./refusal.ts";
import { sessionCookie } from "./session_cookie.ts";
import type { Sessions } from "./sessions.ts";

/** The page: so far, it opens sessions. */
export function page({ sessions }: { readonly sessions: Sessions }): Hono<DoorEnvironment> {
  const app = new Hono<DoorEnvironment>();
  app.get("/", ({ req }) => {
    const token = req.query("token");
    if (token === undefined) return text("cybexp answers at /api/v1: see /api/v1/openapi.json\n");
    const secret = sessions.open(token);
    if (secret === undefined) {
      throw new Refusal(
        401,
        "Cannot open a session: the token of this address was used already, or is of an earlier " +
          "start. Start report serve again, and open the address that it prints",
      );
    }
    // The token does not stay in the address, nor in the browser's history.
    const headers = { location: "/", "set-cookie": sessionCookie(secret) };
    return new Response(null, { status: 302, headers });
  });
  return app;
}

function text(body: string): Response {
  return new Response(body, { headers: { "content-type": "text/plain; charset=utf-8" } });
}
