import type { ImportOptions } from "../../lake/import.ts";
import type { InputFile, UploadFields } from "../../lake/submit.ts";
import { inputName, readInputs } from "./inputs.ts";
import { type FileType, typeOf } from "./types.ts";

export type FileOptions = {
  /** The type of all files; without it each file's own is found out. */
  readonly typetag: string | undefined;
  /** The organisation from which the files are, as the user named it. */
  readonly org: string;
  readonly maxBytes: number;
  readonly importOptions: Omit<ImportOptions, "upload"> & {
    readonly upload: Omit<UploadFields, "typetag">;
  };
  /** Called with the number of bytes that were read of a file. */
  readonly progress?: (bytes: number) => void;
  /** Number of bytes at the start of the text to leave out. */
  readonly skip?: number;
};

/** Part of a file, and how to import it. */
export type TypedInput = {
  readonly input: InputFile;
  readonly options: ImportOptions;
  /** The type, if it was found out. */
  readonly found?: string;
};

/** The parts of a file, each with how to import it; if its type is in doubt, an error instead. */
export async function* readTyped(
  path: string,
  { typetag: given, org, maxBytes, importOptions, progress, skip }: FileOptions,
): AsyncIterable<TypedInput> {
  const type = given === undefined ? await typeOf(path, org) : { typetag: given, reason: "" };
  const { typetag } = type;
  const options = withType(importOptions, typetag ?? "");
  if (typetag === null) {
    yield { input: { name: inputName(path), data: untyped(type) }, options };
    return;
  }
  const inputs = readInputs([path], {
    lines: false,
    name: undefined,
    maxBytes,
    typetag,
    ...(progress !== undefined && { progress }),
    ...(skip !== undefined && { skip }),
  });
  for await (const input of inputs) {
    yield { input, options, ...(given === undefined && { found: typetag }) };
  }
}

export function withType(
  importOptions: FileOptions["importOptions"],
  typetag: string,
): ImportOptions {
  return { ...importOptions, upload: { ...importOptions.upload, typetag } };
}

/** Why the type of a file is not known, and what to do. */
export type Untyped = Pick<FileType, "reason" | "advice">;

/** The error for a file whose type is not known. */
export function untyped({ reason, advice }: Untyped): Error {
  return new Error(advice === undefined ? reason : `${reason}. ${advice}`);
}
