import { type Context, Hono } from "hono";
import type { InstanceStore } from "../../tahoe/instances.ts";
import type { AnswerOptions } from "../../tdql/answer.ts";
import type { Answerer } from "../answerer.ts";
import type { Callers } from "../callers.ts";
import type { DoorEnvironment } from "../environment.ts";
import { readJsonBody } from "../read_body.ts";
import { reply } from "../reply.ts";
import type { Uploads } from "../uploads.ts";
import { ask } from "./ask.ts";
import { lookupMany, lookupOne } from "./lookup.ts";
import { openApi } from "./openapi.ts";
import type { QuestionType } from "./questions.ts";
import { upload } from "./upload.ts";

export type V1Options = {
  readonly version: string;
  readonly callers: Callers;
  readonly identity: InstanceStore;
  readonly uploads: Uploads;
  readonly answerer: Answerer;
  /** What look-ups read: they are answered in this process, as by `report lookup`. */
  readonly answers: Pick<AnswerOptions, "graph" | "identity" | "now">;
};

const QUESTION_TYPES: readonly QuestionType[] = ["count", "related", "threatrank"];

/** The routes under /api/v1. */
export function v1({ version, callers, identity, ...options }: V1Options): Hono<DoorEnvironment> {
  const identify = async ({ req, env }: Context<DoorEnvironment>) =>
    (await callers.identify(req.raw, env.address, ["Bearer", "Basic"])).user;
  const app = new Hono<DoorEnvironment>();
  app.get("/openapi.json", () => reply(200, openApi(version)));
  app.get("/health", async () => {
    // Whatever it finds: it fails if the database is away.
    await identity.get(["0".repeat(64)]);
    return reply(200, { status: "ok", version });
  });
  for (const type of QUESTION_TYPES) {
    app.get(`/${type}`, async (context) => {
      const user = await identify(context);
      return await ask(type, context.req.url, { ...options, user });
    });
  }
  app.get("/lookup", async (context) => {
    const user = await identify(context);
    return await lookupOne(context.req.url, { ...options, user });
  });
  app.post("/lookup", async (context) => {
    const user = await identify(context);
    return await lookupMany(await readJsonBody(context.req.raw), { ...options, user });
  });
  app.post(
    "/upload",
    async (context) => upload(context.req.raw, await identify(context), { ...options, identity }),
  );
  return app;
}
