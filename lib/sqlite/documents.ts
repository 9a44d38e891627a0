import type { Hash, Instance } from "../tahoe/instance.ts";
import { mergedFields } from "../tahoe/instances.ts";
import { parseJson, writeJson } from "../tahoe/json.ts";
import { merged } from "../tahoe/merged.ts";
import type { Fields } from "../tahoe/value.ts";
import { deleteLinks, type Link, linksOf, writeLinks } from "./links.ts";
import { keyOf } from "./key.ts";
import type { Prepare } from "./sqlite.ts";

/** The instance in a row with the column `document`. */
export function toInstance(row: Record<string, unknown>): Instance {
  return parseJson(String(row["document"])) as unknown as Instance;
}

function toText(instance: Instance): string {
  return writeJson(instance as unknown as Fields);
}

/** Documents or links that are written in one step: some 20 ms. */
const DOCUMENTS_AT_ONCE = 500;
const LINKS_AT_ONCE = 5000;

/**
 * Puts documents, in steps. The links come last, all in the order of their key: in a large file
 * almost each of them lies on another page, and what several documents refer to is so looked up
 * once.
 */
export function* putDocuments(
  prepare: Prepare,
  collection: number,
  instances: readonly Instance[],
): Iterable<void> {
  const links: Link[] = [];
  for (const [i, instance] of instances.entries()) {
    if (i > 0 && i % DOCUMENTS_AT_ONCE === 0) yield;
    for (const link of writeDocument(prepare, collection, instance)) links.push(link);
  }
  const isLong = links.length > LINKS_AT_ONCE;
  if (isLong) yield;
  links.sort(byChild);
  for (let start = 0; start < links.length; start += LINKS_AT_ONCE) {
    if (isLong) yield;
    writeLinks(prepare, collection, links.slice(start, start + LINKS_AT_ONCE));
  }
}

function byChild(a: Link, b: Link): number {
  return a.child < b.child ? -1 : a.child > b.child ? 1 : 0;
}

/** Puts one document: it is written, or merged into the one that is there under its hash. */
export function putDocument(prepare: Prepare, collection: number, instance: Instance): void {
  writeLinks(prepare, collection, writeDocument(prepare, collection, instance));
}

/** Puts one document; returns the links that are to be written for it. */
function writeDocument(prepare: Prepare, collection: number, instance: Instance): Link[] {
  const text = toText(instance);
  return insertText(prepare, collection, instance, text)
    ? linksOf(prepare, instance)
    : mergeDocument(prepare, collection, instance, text);
}

/** False, and nothing is written, if its hash is there already. */
export function insertDocument(prepare: Prepare, collection: number, instance: Instance): boolean {
  if (!insertText(prepare, collection, instance, toText(instance))) return false;
  writeLinks(prepare, collection, linksOf(prepare, instance));
  return true;
}

function insertText(
  prepare: Prepare,
  collection: number,
  { _hash, itype }: Instance,
  text: string,
): boolean {
  const { changes } = prepare(
    `INSERT INTO instances (collection, hash, itype, document)
     VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  ).run(collection, keyOf(_hash), itype, text);
  return Number(changes) === 1;
}

/** Takes a document out with its links. False if nothing is there. */
export function takeDocument(prepare: Prepare, collection: number, hash: Hash): boolean {
  const row = prepare("DELETE FROM instances WHERE collection = ? AND hash = ? RETURNING document")
    .get(collection, keyOf(hash));
  if (row === undefined) return false;
  deleteLinks(prepare, collection, toInstance(row));
  return true;
}

/** Merges the instance, whose text is given, into what is there; returns as writeDocument does. */
function mergeDocument(
  prepare: Prepare,
  collection: number,
  instance: Instance,
  text: string,
): Link[] {
  if (mergedFields[instance.itype] === undefined) return [];
  const key = keyOf(instance._hash);
  const row = prepare("SELECT document FROM instances WHERE collection = ? AND hash = ?")
    .get(collection, key)!;
  // Most often it is the same data once more: no need to read it.
  if (row["document"] === text) return [];
  const present = toInstance(row);
  const whole = merged(present, instance);
  const wholeText = toText(whole);
  if (wholeText === row["document"]) return [];
  prepare("UPDATE instances SET document = ? WHERE collection = ? AND hash = ?")
    .run(wholeText, collection, key);
  return linksOf(prepare, withNewReferences(whole, present));
}

/** All references of an event, for its links have its category; of others those that are new. */
function withNewReferences(whole: Instance, present: Instance): Instance {
  if (!("_ref" in whole) || whole.itype === "event") return whole;
  const before = new Set("_ref" in present ? present._ref : []);
  return { ...whole, _ref: whole._ref?.filter((hash) => !before.has(hash)) ?? [] };
}
