import { reply } from "../reply.ts";

/** GET /ping */
export function ping(): Response {
  return reply(200, { message: "pong" });
}
