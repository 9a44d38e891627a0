import { basename } from "node:path";
import { isDynamicPattern } from "tinyglobby";
import { counted } from "../../counted.ts";
import { exists } from "../../exists.ts";
import { type Selection, type SentUpload, sourcesOf } from "../../lake/forget.ts";
import type { CacheLake } from "../../lake/lake.ts";
import { rawOfFile } from "../../lake/raw_of_file.ts";
import { suggest } from "../../suggest.ts";
import type { Hash, Raw } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import { BUILT_IN_TYPETAGS } from "../../typetags/typetags.ts";
import type { Context } from "../context.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { findInputs, readInputs } from "./inputs.ts";
import { listNames, type NamedUpload, nameTest } from "./upload_names.ts";

/** Uploads by Raw: some that were sent of it, or all. */
export type Uploads = Map<Hash, readonly SentUpload[] | "all">;

type FileOptions = {
  readonly context: Context;
  readonly archive: InstanceStore;
  readonly lake: Pick<CacheLake, "list">;
  /** The other conditions. */
  readonly common: Selection;
};

/** Names of entries of the lake that files stand for, and what there is to say about files. */
export type FoundFiles = {
  readonly entries: readonly string[];
  /** Files of which nothing is stored, each with what to do. */
  readonly missing: readonly string[];
  /** What stays though it has the name of a file. */
  readonly staying: readonly string[];
};

/**
 * Adds the uploads that files stand for. A path or pattern with a folder stands for what is in the
 * files now: the name of an upload says nothing of folders. A bare name also stands for entries of
 * the lake of this name and, where there is neither, for imports of this name, as patterns do.
 *
 * @throws {RangeError} when a file does not tell which organisation's it is.
 */
export async function addFiles(
  uploads: Uploads,
  files: readonly string[],
  options: FileOptions,
): Promise<FoundFiles> {
  const [entries, missing, staying]: [string[], string[], string[]] = [[], [], []];
  let listed: readonly NamedUpload[] | undefined;
  for (const path of files) {
    const isPattern = isDynamicPattern(path) && !await exists(path);
    const isName = basename(path) === path;
    const found = isPattern || !isName ? [] : [await addEntries(uploads, path, options.lake)];
    for (const local of isPattern ? await findInputs([path]) : [path]) {
      found.push(await addLocalFile(uploads, local, options));
    }
    if (isName && !isPattern) entries.push(path);
    listed ??= await listNames(options);
    const isMeant = nameTest(basename(path), { isPattern });
    const named = listed.filter(({ name }) => isMeant(name));
    if (found.includes(true) && !(isPattern && isName)) {
      staying.push(...othersOfName(path, named, uploads));
    } else if (isName) {
      for (const { raw, isEntry, name, ...sent } of named) {
        add(uploads, raw, sent);
        if (isPattern && isEntry) entries.push(name);
      }
      if (named.length === 0 && !found.includes(true)) missing.push(unknownFile(path, listed));
    } else missing.push(named.length > 0 ? changedFile(path, named) : unknownFile(path, listed));
  }
  return { entries: [...new Set(entries)], missing, staying };
}

/** Says how many uploads of a file's name stay, because they are of other content. */
function othersOfName(
  path: string,
  named: readonly NamedUpload[],
  uploads: Uploads,
): readonly string[] {
  const others = new Set(named.filter(({ raw }) => !uploads.has(raw)).map(({ raw }) => raw)).size;
  if (others === 0) return [];
  const name = shellQuoted(basename(path));
  return [
    `${counted(others, "other upload")} of the name ${name}, of other content or another folder`,
  ];
}

/** Says that what is in a file was not imported, but something of its name. */
function changedFile(path: string, named: readonly NamedUpload[]): string {
  const name = shellQuoted(basename(path));
  return `what is in ${path} now. ${
    counted(named.length, "upload")
  } came under the name ${name}, ` +
    `from whatever folder: --file ${name} means them, where there is no such file`;
}

function add(uploads: Uploads, raw: Hash, sent: SentUpload): void {
  const before = uploads.get(raw) ?? [];
  if (before !== "all") uploads.set(raw, [...before, sent]);
}

/** Says that nothing is stored of a file, and which name may have been meant. */
function unknownFile(path: string, listed: readonly NamedUpload[]): string {
  const meant = suggest(basename(path), new Set(listed.map(({ name }) => name)));
  return `file ${path}: ` +
    (meant === undefined
      ? "look at its spelling, or it was forgotten before"
      : `did you mean ${shellQuoted(meant)}?`);
}

/** Adds what became of a file's entries in the lake; false if there are none. */
async function addEntries(
  uploads: Uploads,
  path: string,
  lake: Pick<CacheLake, "list">,
): Promise<boolean> {
  const found = await lake.list({ file: basename(path), states: ["SUCCESS"] }, 2 ** 31 - 1);
  for (const { orgid, timestamp, refs } of found) {
    for (const hash of refs) add(uploads, hash, { orgid, timestamp });
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
  { context, archive, common }: FileOptions,
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
