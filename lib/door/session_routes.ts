import { type Context, Hono } from "hono";
import type { Graph } from "../graph/graph.ts";
import { namesByHash, orgsOf } from "../identity/org.ts";
import type { TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { scalarText } from "../tahoe/value.ts";
import type { Callers } from "./callers.ts";
import type { DoorEnvironment } from "./environment.ts";
import type { JsonBodies } from "./read_body.ts";
import { Refusal } from "./refusal.ts";
import { reply } from "./reply.ts";
import { checkOrigin } from "./same_origin.ts";
import { endedSessionCookie, readSessionCookie, sessionCookie } from "./session_cookie.ts";
import type { Sessions } from "./sessions.ts";

export type SessionOptions = {
  readonly callers: Callers;
  readonly identity: InstanceStore;
  readonly sessions: Sessions;
  readonly bodies: JsonBodies;
  readonly answers: { readonly graph: Pick<Graph, "isEmpty"> };
  /** Whether browsers reach this server over plain HTTP, on this machine only. */
  readonly loopbackOnly: boolean;
};

/** The most bytes of a token, and of the JSON around it. */
const MAX_TOKEN_BYTES = 16 * 1024;

/** /session: whose browser it is, and how it becomes somebody's. */
export function sessionRoutes(options: SessionOptions): Hono<DoorEnvironment> {
  const { callers, sessions, loopbackOnly } = options;
  const app = new Hono<DoorEnvironment>();
  app.get("/session", async ({ req, env }) => {
    const { headers } = req.raw;
    const isNobody = readSessionCookie(headers) === undefined && !headers.has("authorization");
    if (isNobody) return reply(200, { user: null });
    const { user } = await callers.identify(req.raw, env.address);
    return reply(200, await describe(user, options));
  });
  app.post("/session", async (context) => {
    checkOrigin(context.req.raw);
    const user = await readUser(context, options);
    const response = reply(200, await describe(user, options));
    const secret = sessions.start(user._hash);
    response.headers.set("set-cookie", sessionCookie(secret, { loopbackOnly }));
    return response;
  });
  app.delete("/session", ({ req }) => {
    checkOrigin(req.raw);
    sessions.end(readSessionCookie(req.raw.headers) ?? "");
    const headers = { "set-cookie": endedSessionCookie({ loopbackOnly }) };
    return new Response(null, { status: 204, headers });
  });
  return app;
}

/** Finds whose token was sent in the body. */
async function readUser(
  { req, env }: Context<DoorEnvironment>,
  { callers, bodies }: Pick<SessionOptions, "callers" | "bodies">,
): Promise<TahoeObject> {
  // Whoever sent it is not known yet, but for the address.
  const token = await bodies.receive(
    req.raw,
    { caller: env.address, maxBytes: MAX_TOKEN_BYTES },
    ({ token }) => Promise.resolve(token),
  );
  if (typeof token !== "string" || !/^[\w.-]+$/.test(token)) {
    throw new Refusal(401, "Cannot sign in: this is not a token. Your operator prints one");
  }
  const headers = new Headers({ authorization: `Bearer ${token}` });
  return (await callers.identify({ method: "POST", headers }, env.address)).user;
}

/** Who the user is, whose events they see, and whether there is anything to see at all. */
async function describe(
  { _hash, data }: TahoeObject,
  { identity, answers: { graph } }: SessionOptions,
) {
  const [orgs, empty] = await Promise.all([orgsOf(identity, _hash), graph.isEmpty()]);
  return {
    user: scalarText(data["email_addr"]?.[0] ?? ""),
    organisations: Object.fromEntries(namesByHash(orgs)),
    empty,
  };
}
