import type { Selection } from "../../lake/forget.ts";
import type { EntryFilter } from "../../lake/lake.ts";
import type { Hash } from "../../tahoe/instance.ts";
import type { Context } from "../context.ts";
import { addFiles, type Uploads } from "./forget_files.ts";
import { orgidsOf } from "./orgids.ts";
import { namesOfTypetag } from "./type_option.ts";

/** What the command line says of the uploads to forget. */
export type Selecting = {
  readonly raw?: readonly Hash[];
  readonly file?: readonly string[];
  readonly type?: string;
  readonly org?: string;
  readonly since?: number;
  readonly before?: number;
};

/** Uploads to forget, and how their entries are found in the lake. */
export type Chosen = {
  readonly selection: Selection;
  readonly entries: readonly EntryFilter[];
  /** Raws and files that were named, but nothing was found of them, each with what to do. */
  readonly missing: readonly string[];
  /** What stays though it has the name of a file that was named. */
  readonly staying: readonly string[];
};

/** Finds the uploads that the command line names. */
export async function chooseUploads(context: Context, selecting: Selecting): Promise<Chosen> {
  const { raw = [], file = [], type, org, since, before } = selecting;
  const { archive, lake } = await context.stores("archive", "lake");
  const { archive: { aliases } } = await context.config();
  const typetag = type === undefined ? undefined : aliases.get(type) ?? type;
  const sent = {
    ...(org !== undefined && { orgids: await orgidsOf(context, org) }),
    ...(since !== undefined && { since }),
    ...(before !== undefined && { before }),
  };
  const common = { ...sent, ...(typetag !== undefined && { typetag }) };
  const ofType = typetag === undefined ? sent : {
    ...sent,
    typetags: namesOfTypetag(typetag, aliases),
  };
  const states = ["SUCCESS"] as const;
  if (raw.length + file.length === 0) {
    return { selection: common, entries: [{ ...ofType, states }], missing: [], staying: [] };
  }
  const uploads: Uploads = new Map(raw.map((hash) => [hash, "all"]));
  const absent = await archive.missing(raw);
  const missing = absent.map((hash) =>
    `Raw ${hash}: look at its spelling, or it was forgotten before`
  );
  const named = await addFiles(uploads, file, { context, archive, lake, common });
  missing.push(...named.missing);
  const whole = [...uploads].filter(([, sent]) => sent === "all").map(([hash]) => hash);
  const entries = [{ refs: whole }, ...named.entries.map((name) => ({ file: name }))]
    .map((filter) => ({ ...ofType, ...filter, states }));
  return { selection: { ...common, uploads }, entries, missing, staying: named.staying };
}
