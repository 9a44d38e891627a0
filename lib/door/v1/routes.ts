import { type Context, Hono } from "hono";
import type { InstanceStore } from "../../tahoe/instances.ts";
import type { AnswerOptions } from "../../tdql/answer.ts";
import type { Answerer } from "../answerer.ts";
import type { Callers } from "../callers.ts";
import type { DoorEnvironment } from "../environment.ts";
import type { QuestionLimit } from "../question_limit.ts";
import type { JsonBodies } from "../read_body.ts";
import { standardReply } from "./standard_reply.ts";
import type { Uploads } from "../uploads.ts";
import { ANSWER_ROUTES } from "./answers.ts";
import { answered, type Asking } from "./ask.ts";
import { EXPORT_PARAMETERS, exportFile } from "./export.ts";
import { LOOKUP_PARAMETERS, lookupMany, lookupOne } from "./lookup.ts";
import { openApi } from "./openapi.ts";
import { type Parameters, readParameters } from "../parameters.ts";
import { top, TOP_PARAMETERS } from "./top.ts";
import { upload } from "./upload.ts";

export type V1Options = {
  readonly version: string;
  readonly callers: Callers;
  readonly identity: InstanceStore;
  readonly uploads: Uploads;
  readonly bodies: JsonBodies;
  readonly answerer: Answerer;
  /** Limits the questions that the answerer does not see. */
  readonly questions: QuestionLimit;
  /** What look-ups read: they are answered in this process, as by `report lookup`. */
  readonly answers: Pick<AnswerOptions, "graph" | "identity" | "now">;
};

/** The routes under /api/v1. */
export function v1({ version, callers, identity, ...options }: V1Options): Hono<DoorEnvironment> {
  const identify = async ({ req, env }: Context<DoorEnvironment>) =>
    (await callers.identify(req.raw, env.address, ["Bearer", "Basic"])).user;
  const app = new Hono<DoorEnvironment>();
  app.get("/openapi.json", () => standardReply(200, openApi(version)));
  app.get("/health", async () => {
    // Whatever it finds: it fails if the database is away.
    await identity.get(["0".repeat(64)]);
    return standardReply(200, { status: "ok", version });
  });
  const get = (
    path: string,
    names: readonly string[],
    respond: (parameters: Parameters, asking: Asking & V1Answers) => Promise<Response>,
  ) =>
    app.get(path, async (context) => {
      const user = await identify(context);
      const parameters = readParameters(context.req.url, names);
      return await answered(() => respond(parameters, { ...options, identity, user }));
    });
  for (const [name, { parameters, answer }] of Object.entries(ANSWER_ROUTES)) {
    get(`/${name}`, parameters, answer);
  }
  get("/top", TOP_PARAMETERS, top);
  get("/export", EXPORT_PARAMETERS, exportFile);
  get("/lookup", LOOKUP_PARAMETERS, lookupOne);
  app.post("/lookup", async (context) => {
    const user = await identify(context);
    readParameters(context.req.url, []);
    return await options.bodies.receive(
      context.req.raw,
      { caller: user._hash },
      (fields) => lookupMany(fields, { ...options, user }),
    );
  });
  app.post("/upload", async (context) => {
    const user = await identify(context);
    readParameters(context.req.url, []);
    return await upload(context.req.raw, user, { ...options, identity });
  });
  return app;
}

type V1Answers = Pick<V1Options, "answers" | "identity" | "questions">;
