import { Rejected } from "../errors.ts";
import { MAX_DOCUMENT_BYTES } from "../tahoe/bson.ts";
import type { Hash } from "../tahoe/instance.ts";
import { decodeUpload } from "./decode.ts";
import { parsePlaintext } from "./parse.ts";
import type { InputFile } from "./submit.ts";

/**
 * Hash of the Raw that a file, or one part of it, becomes under a typetag, whoever sends it;
 * undefined if the file cannot be read.
 */
export async function rawOfFile(
  { data }: InputFile,
  typetag: string,
): Promise<Hash | undefined> {
  if (data instanceof Error) return undefined;
  try {
    const { text } = await decodeUpload(data, { typetag, maxBytes: MAX_DOCUMENT_BYTES });
    return parsePlaintext(text, { typetag, orgid: "", timezone: null })._hash;
  } catch (error) {
    if (error instanceof Rejected) return undefined;
    throw error;
  }
}
