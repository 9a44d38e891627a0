import { type Context, Hono } from "hono";
import type { Fields } from "../../tahoe/value.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import type { Answerer } from "../answerer.ts";
import type { Callers } from "../callers.ts";
import type { DoorEnvironment } from "../environment.ts";
import type { JsonBodies } from "../read_body.ts";
import type { Uploads } from "../uploads.ts";
import { addOrgUsers } from "./add_users.ts";
import { createOrg, createUser } from "./create.ts";
import { deleteOrgUsers } from "./delete_users.ts";
import { orgsAdminOf, orgsUserOf, userInfo } from "./members.ts";
import { orgInfo } from "./org_info.ts";
import { ping } from "./ping.ts";
import { query } from "./query.ts";
import { raw } from "./raw.ts";

export type PythonApiOptions = {
  readonly callers: Callers;
  readonly identity: InstanceStore;
  /** What tokens are signed with. */
  readonly secret: string;
  readonly uploads: Uploads;
  readonly bodies: JsonBodies;
  readonly answerer: Answerer;
};

/** What a route does with a JSON object that a user sent. */
type Route = (
  fields: Fields,
  user: TahoeObject,
  options: PythonApiOptions,
) => Promise<Response>;

const POST_ROUTES: { readonly [path: string]: Route } = {
  "/query": query,
  "/org/info": orgInfo,
  "/org/add/user": addOrgUsers,
  "/org/del/user": deleteOrgUsers,
  "/create/user": createUser,
  "/create/org": createOrg,
};

/** The routes of the Python API, as existing clients know them. */
export function pythonApi(options: PythonApiOptions): Hono<DoorEnvironment> {
  const { callers, bodies } = options;
  const identify = async ({ req, env }: Context<DoorEnvironment>) =>
    (await callers.identify(req.raw, env.address)).user;
  const app = new Hono<DoorEnvironment>();
  app.get("/ping", ping);
  app.post("/raw", async (context) => raw(context.req.raw, await identify(context), options));
  app.get("/user/info/self", async (context) => userInfo(await identify(context)));
  app.get("/orgs/user_of", async (context) => orgsUserOf(await identify(context), options));
  app.get("/orgs/admin_of", async (context) => orgsAdminOf(await identify(context), options));
  for (const [path, route] of Object.entries(POST_ROUTES)) {
    app.post(path, async (context) => {
      const user = await identify(context);
      const caller = user._hash;
      return await bodies.receive(
        context.req.raw,
        { caller },
        (fields) => route(fields, user, options),
      );
    });
  }
  return app;
}
