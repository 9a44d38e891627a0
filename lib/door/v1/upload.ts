import type { TahoeObject } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { standardReply } from "./standard_reply.ts";
import { receiveUpload } from "../receive_upload.ts";
import type { Uploads } from "../uploads.ts";

export type UploadOptions = { readonly identity: InstanceStore; readonly uploads: Uploads };

/** POST /api/v1/upload: takes a file, and says under which id it waits in the lake. */
export async function upload(
  request: Pick<Request, "body" | "headers">,
  user: TahoeObject,
  { identity, uploads }: UploadOptions,
): Promise<Response> {
  const { id, name } = await receiveUpload(request, user, { identity, uploads });
  return standardReply(201, { id, name });
}
