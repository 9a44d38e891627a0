import { hasLines, isInLines, isList } from "../../lake/lines.ts";
import { isCompressed } from "../../text/utf8_stream.ts";
import { GrownFile } from "./grown_file.ts";
import type { Untyped } from "./typed_inputs.ts";
import { typeOf } from "./types.ts";

/** Bytes that tell how a file is read. */
const START_BYTES = 256 * 1024;

const LINE_FEED = 0x0a;

/**
 * How a file of a watched folder is read: by its lines, as they are added; as a list, by its lines,
 * but first when it is complete; or as a whole, when it is complete. Null if its type is not known.
 */
export type WatchedType =
  | {
    readonly typetag: string;
    readonly by: "lines" | "list" | "whole";
    /** Whether its last line has no end yet. */
    readonly isOpen: boolean;
  }
  | ({ readonly typetag: null } & Untyped);

/** Finds out how to read a file; `given` is the type of all files, if the user said so. */
export async function watchedType(
  path: string,
  { typetag: given, org }: { readonly typetag: string | undefined; readonly org: string },
): Promise<WatchedType> {
  const type = given === undefined ? await typeOf(path, org) : { typetag: given, reason: "" };
  const { typetag } = type;
  if (typetag === null) return { ...type, typetag };
  if (!hasLines(typetag)) return { typetag, by: "whole", isOpen: false };
  const file = await GrownFile.open(path);
  if (file === undefined) return { typetag, by: "whole", isOpen: false };
  try {
    const start = await file.read(0, Math.min(file.size, START_BYTES));
    const [last] = await file.read(Math.max(0, file.size - 1), file.size);
    return { typetag, by: howToRead(start, typetag), isOpen: last !== LINE_FEED };
  } finally {
    file.close();
  }
}

function howToRead(start: Uint8Array, typetag: string): "lines" | "list" | "whole" {
  // Zero bytes are those of UTF-16: such text is decoded as a whole.
  if (isCompressed(start) || start.includes(0) || !isInLines(typetag, start)) return "whole";
  // The first lines of a list decide how all of it is read.
  return isList(typetag) ? "list" : "lines";
}
