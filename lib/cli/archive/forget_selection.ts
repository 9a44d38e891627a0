import { basename } from "node:path";
import { exists } from "../../exists.ts";
import { type Selection, type SentUpload, sourcesOf } from "../../lake/forget.ts";
import { rawOfFile } from "../../lake/raw_of_file.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import type { CacheLake, EntryFilter } from "../../lake/lake.ts";
import type { Hash, Raw } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { BUILT_IN_TYPETAGS } from "../../typetags/typetags.ts";
import type { Context } from "../context.ts";
import { readInputs } from "./inputs.ts";
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
  /** Raws and files that were named, but nothing was found of them. */
  readonly missing: readonly string[];
};

type Uploads = Map<Hash, readonly SentUpload[] | "all">;

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
    return { selection: common, entries: [{ ...ofType, states }], missing: [] };
  }
  const uploads: Uploads = new Map(raw.map((hash) => [hash, "all"]));
  const absent = await archive.missing(raw);
  const missing = absent.map((hash) => `Raw ${hash}`);
  for (const path of file) {
    const isFound = [
      await addEntries(uploads, path, lake),
      await addLocalFile(uploads, path, { context, archive, common }),
    ];
    if (!isFound.includes(true)) missing.push(`file ${path}`);
  }
  const whole = [...uploads].filter(([, sent]) => sent === "all").map(([hash]) => hash);
  const entries = [{ refs: whole }, ...file.map((path) => ({ file: basename(path) }))]
    .map((filter) => ({ ...ofType, ...filter, states }));
  return { selection: { ...common, uploads }, entries, missing };
}

/** Adds what became of a file's entries in the lake; false if there are none. */
async function addEntries(
  uploads: Uploads,
  path: string,
  lake: Pick<CacheLake, "list">,
): Promise<boolean> {
  const found = await lake.list({ file: basename(path), states: ["SUCCESS"] }, 2 ** 31 - 1);
  for (const { orgid, timestamp, refs } of found) {
    for (const hash of refs) {
      const sent = uploads.get(hash) ?? [];
      if (sent !== "all") uploads.set(hash, [...sent, { orgid, timestamp }]);
    }
  }
  return found.length > 0;
}

/**
 * Adds what a file on this machine was imported as; false if nothing is stored of it. Where several
 * organisations sent the same data, it takes what was sent when the file was last changed.
 *
 * @throws {RangeError} when the file does not tell which organisation's it is.
 */
async function addLocalFile(
  uploads: Uploads,
  path: string,
  { context, archive, common }: {
    readonly context: Context;
    readonly archive: InstanceStore;
    readonly common: Selection;
  },
): Promise<boolean> {
  if (!await exists(path)) return false;
  const { archive: { maxBytes, typetags } } = await context.config();
  const tried = common.typetag !== undefined
    ? [common.typetag]
    : [...BUILT_IN_TYPETAGS, ...typetags];
  let isFound = false;
  for (const typetag of tried.filter(isSubType)) {
    const options = { lines: false, name: undefined, maxBytes, typetag };
    for await (const input of readInputs([path], options)) {
      const hash = await rawOfFile(input, typetag);
      const [raw] = hash === undefined ? [] : await archive.get([hash]) as Raw[];
      if (raw === undefined) continue;
      isFound = true;
      const sent = uploadsOf(raw, input.modified, common);
      if (sent === undefined) {
        throw new RangeError(
          `Cannot forget file ${path}: several organisations sent the same data. Give --org as well`,
        );
      }
      if (uploads.get(raw._hash) === undefined) uploads.set(raw._hash, sent);
    }
  }
  return isFound;
}

function uploadsOf(
  raw: Raw,
  modified: number | undefined,
  { orgids }: Selection,
): readonly SentUpload[] | "all" | undefined {
  const sources = sourcesOf(raw);
  const exact = sources.flatMap(({ orgid, timestamp }) =>
    timestamp !== undefined && timestamp === modified ? [{ orgid, timestamp }] : []
  );
  if (countOrgs(exact) === 1) return exact;
  return orgids !== undefined || countOrgs(sources) === 1 ? "all" : undefined;
}

function countOrgs(sources: readonly { readonly orgid: string }[]): number {
  return new Set(sources.map(({ orgid }) => orgid)).size;
}
