import { isUtf8 } from "node:buffer";
import { Rejected } from "../errors.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import type { Hash } from "../tahoe/instance.ts";
import { parsePlaintext } from "./parse.ts";
import type { InputFile } from "./submit.ts";

/**
 * Hashes of the Raws that a file becomes under each of the typetags, whoever sends it. None if the
 * file cannot be read.
 */
export function rawsOfFile({ data }: InputFile, typetags: readonly string[]): readonly Hash[] {
  if (data instanceof Error || !isUtf8(data)) return [];
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
  return typetags.filter(isSubType).flatMap((typetag) => {
    try {
      return [parsePlaintext(text, { typetag, orgid: "", timezone: null })._hash];
    } catch (error) {
      if (error instanceof Rejected) return [];
      throw error;
    }
  });
}
