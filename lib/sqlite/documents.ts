import type { Hash, Instance, Raw, Report, Session } from "../tahoe/instance.ts";
import { growingSets } from "../tahoe/instances.ts";
import { parseJson, writeJson } from "../tahoe/json.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import { deleteLinks, writeLinks } from "./links.ts";
import { keyOf } from "./key.ts";
import type { Prepare } from "./sqlite.ts";

/** The instance in a row with the column `document`. */
export function toInstance(row: Record<string, unknown>): Instance {
  return parseJson(String(row["document"])) as unknown as Instance;
}

function toText(instance: Instance): string {
  return writeJson(instance as unknown as Fields);
}

/** Writes a document, or adds to the growing sets of the one that is there under its hash. */
export function putDocument(prepare: Prepare, collection: number, instance: Instance): void {
  if (!insertDocument(prepare, collection, instance)) growDocument(prepare, collection, instance);
}

/** False, and nothing is written, if its hash is there already. */
export function insertDocument(prepare: Prepare, collection: number, instance: Instance): boolean {
  const { changes } = prepare(
    `INSERT INTO instances (collection, hash, itype, document)
     VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  ).run(collection, keyOf(instance._hash), instance.itype, toText(instance));
  if (Number(changes) === 0) return false;
  writeLinks(prepare, collection, instance);
  return true;
}

/** Takes a document out with its links. False if nothing is there. */
export function takeDocument(prepare: Prepare, collection: number, hash: Hash): boolean {
  const row = prepare("DELETE FROM instances WHERE collection = ? AND hash = ? RETURNING document")
    .get(collection, keyOf(hash));
  if (row === undefined) return false;
  deleteLinks(prepare, collection, toInstance(row));
  return true;
}

/** Adds the members of the instance's growing sets to what is there under its hash. */
function growDocument(prepare: Prepare, collection: number, instance: Instance): void {
  if (!isGrowing(instance)) return;
  const key = keyOf(instance._hash);
  const row = prepare("SELECT document FROM instances WHERE collection = ? AND hash = ?")
    .get(collection, key)!;
  const grown = grow(toInstance(row) as typeof instance, instance);
  const text = toText(grown);
  if (text === row["document"]) return;
  prepare("UPDATE instances SET document = ? WHERE collection = ? AND hash = ?")
    .run(text, collection, key);
  if (instance.itype === "report") return;
  // Only what is new: a session of many events would otherwise be linked anew for each.
  const added = { ...grown as Raw | Session, _ref: instance._ref ?? [] };
  writeLinks(prepare, collection, added);
}

type Growing = Raw | Session | Report;

function isGrowing(instance: Instance): instance is Growing {
  return growingSets[instance.itype] !== undefined;
}

function grow<T extends Growing>(there: T, more: T): T {
  const before: { readonly [name: string]: unknown } = there;
  const added: { readonly [name: string]: unknown } = more;
  const sets = (growingSets[more.itype] ?? []).filter((name) => added[name] !== undefined)
    .map((name) => [name, union(members(before[name]), members(added[name]))]);
  return { ...there, ...Object.fromEntries(sets) };
}

function members(set: unknown): readonly Value[] {
  return Array.isArray(set) ? set : [];
}

/** The first set with those of the second that it lacks; members are equal if their JSON is. */
function union(first: readonly Value[], second: readonly Value[]): readonly Value[] {
  const seen = new Set(first.map(writeJson));
  const added = second.filter((each) => {
    const text = writeJson(each);
    return !seen.has(text) && seen.add(text);
  });
  return [...first, ...added];
}
