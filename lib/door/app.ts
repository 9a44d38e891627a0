import { Hono, type MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { DoorEnvironment } from "./environment.ts";
import { toRefusal } from "./failure.ts";
import { page } from "./page.ts";
import { problem } from "./problem.ts";
import { pythonApi, type PythonApiOptions } from "./python_api/routes.ts";
import { JsonBodies } from "./read_body.ts";
import type { Damaged } from "../tahoe/instances.ts";
import { Refusal } from "./refusal.ts";
import { replyRefusal } from "./reply.ts";
import { checkLoopbackName } from "./same_origin.ts";
import { type SessionOptions, sessionRoutes } from "./session_routes.ts";
import { taxiiError } from "./taxii/reply_taxii.ts";
import { taxii } from "./taxii/routes.ts";
import { v1, type V1Options } from "./v1/routes.ts";

export type DoorOptions = Omit<PythonApiOptions & V1Options & SessionOptions, "bodies"> & {
  /** Whether only this machine is answered, under its own names. */
  readonly loopbackOnly: boolean;
  /** Called with the errors of which a request is told no more than that there was one. */
  readonly onError: (error: unknown) => void;
  readonly onAnswer?: (request: AnsweredRequest) => void;
  readonly onRefusal?: (refusal: Refusal) => void;
  /** Called with each event that is left out of a page of TAXII because it cannot be read. */
  readonly onDamaged?: (event: Damaged) => void;
};

/** A request that was answered. */
export type AnsweredRequest = {
  /** Method and path of the route as it is written here; undefined if there is none. */
  readonly route: string | undefined;
  readonly status: number;
  /** Seconds from its head to its response, which is then sent. */
  readonly seconds: number;
};

/** Headers of every response. */
const HEADERS: { readonly [name: string]: string } = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Makes the app that answers all requests. */
export function doorApp(given: DoorOptions): Hono<DoorEnvironment> {
  const options = { ...given, bodies: new JsonBodies() };
  const { loopbackOnly, onError, onAnswer, onRefusal } = options;
  const app = new Hono<DoorEnvironment>();
  if (onAnswer !== undefined) app.use(countAnswers(onAnswer));
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    }
  });
  app.use(async ({ req }, next) => {
    if (!URL.canParse(req.url)) {
      throw new Refusal(400, "Cannot read the request: its header Host does not name a host");
    }
    if (loopbackOnly) checkLoopbackName(req.url);
    await next();
  });
  app.route("/", page(options));
  app.route("/", sessionRoutes(options));
  app.route("/", pythonApi(options));
  app.route("/api/v1", v1(options));
  app.route("/", taxii(options));
  app.notFound(({ req }) => replyMissing(app, req));
  app.onError((error, { req }) => {
    const refusal = toRefusal(error);
    if (refusal.status === 500) onError(error);
    onRefusal?.(refusal);
    return refuse(req.path, refusal);
  });
  return app;
}

function countAnswers(onAnswer: (request: AnsweredRequest) => void): MiddlewareHandler {
  return async (context, next) => {
    const start = performance.now();
    await next();
    const found = matchedRoutes(context).findLast(({ method }) => method !== "ALL");
    onAnswer({
      route: found && `${found.method} ${found.path}`,
      status: context.res.status,
      seconds: (performance.now() - start) / 1000,
    });
  };
}

/** Refuses a request in the form that is used under its path. */
function refuse(path: string, refusal: Refusal): Response {
  if (path.startsWith("/api/")) return problem(refusal);
  return path.startsWith("/taxii2/") ? taxiiError(refusal) : replyRefusal(refusal);
}

/** Answers a request to which no route belongs. */
function replyMissing(
  { routes }: Hono<DoorEnvironment>,
  { path, method }: { readonly path: string; readonly method: string },
): Response {
  const methods = routes.filter((route) => route.path === path && route.method !== "ALL")
    .map((route) => route.method);
  if (methods.length === 0) {
    return refuse(path, new Refusal(404, "There is nothing at this address"));
  }
  const response = refuse(
    path,
    new Refusal(405, `Cannot ${method} here: use ${methods.join(" or ")}`),
  );
  response.headers.set("allow", methods.join(", "));
  return response;
}
