import type { SentUpload } from "../../lake/forget.ts";
import type { CacheLake } from "../../lake/lake.ts";
import type { Hash } from "../../tahoe/instance.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";

/** An archived upload, and the name under which it came: that of the file, for a part of it, too. */
export type NamedUpload = SentUpload & {
  readonly raw: Hash;
  readonly name: string;
  /** Whether it has an entry in the lake; otherwise it was imported. */
  readonly isEntry: boolean;
};

/** The highest limit that every database takes. */
const ALL = 2 ** 31 - 1;

/** Lists the archived uploads whose name is known. Reads every Raw, so it may take a while. */
export async function listNames(
  { archive, lake }: {
    readonly archive: Pick<InstanceStore, "raws">;
    readonly lake: Pick<CacheLake, "list">;
  },
): Promise<readonly NamedUpload[]> {
  const entries = await lake.list({ states: ["SUCCESS"] }, ALL);
  const listed: NamedUpload[] = entries.flatMap(({ name, orgid, timestamp, refs }) =>
    refs.map((raw) => ({ raw, name: fileName(name), orgid, timestamp, isEntry: true }))
  );
  for await (const { _hash: raw, _sources = [] } of archive.raws(undefined)) {
    for (const { name, file = name, orgid, timestamp } of _sources) {
      if (file === undefined) continue;
      listed.push({ raw, name: fileName(file), orgid, timestamp, isEntry: false });
    }
  }
  return listed;
}

/** The name of a file without what tells its parts and lines: `log.json#2`, `log.json@512`. */
export function fileName(name: string): string {
  return name.replace(/(?:[@#:][0-9]+)+$/, "");
}

/** Makes a test for the names that a name or a pattern of `*`, `?` and `[…]` stands for. */
export function nameTest(
  given: string,
  { isPattern }: { readonly isPattern: boolean },
): (name: string) => boolean {
  if (!isPattern) return (name) => name === given || name === fileName(given);
  const source = given.replace(/[\\^$.+(){}|]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")
    .replaceAll("[!", "[^");
  const pattern = new RegExp(`^${source}$`, "s");
  return (name) => pattern.test(name);
}
