import type { TahoeObject } from "../../tahoe/instance.ts";
import { type ReceiveOptions, receiveUpload } from "../receive_upload.ts";
import { reply } from "../reply.ts";

/** POST /raw: takes a file of an organisation whose admin the user is. */
export async function raw(
  request: Pick<Request, "body" | "headers">,
  user: TahoeObject,
  options: ReceiveOptions,
): Promise<Response> {
  await receiveUpload(request, user, options);
  return reply(201, { message: "File uploaded successfully!" });
}
