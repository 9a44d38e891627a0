import { Buffer } from "node:buffer";
import { Fault } from "../tahoe/fault.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import { damagedInstance, instanceFault } from "../tahoe/instance_fault.ts";
import { Damaged, MERGED_FIELDS } from "../tahoe/instances.ts";
import { writeJson } from "../tahoe/json.ts";
import { mergeInstance } from "../tahoe/merge.ts";
import { type Fields, isFields } from "../tahoe/value.ts";
import type { OpenCollection } from "./collection.ts";
import { noteImport, removeImport } from "./imports.ts";
import { readJsonColumn } from "./json_column.ts";
import { keyOf } from "./key.ts";
import { deleteLinks, type Link, linksOf, writeLinks } from "./links.ts";
import type { Row } from "./sqlite.ts";

/**
 * The instance in a row with the column `document` and, to name it by, perhaps `hash`.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when the document is not JSON.
 */
export function toInstance(row: Row): Instance {
  const document = readJsonColumn(row, "document");
  if (document instanceof Fault) throw damagedInstance(hashText(row), document);
  return document as unknown as Instance;
}

/** Reads the instance in a row with the columns `document` and `hash`, whatever they contain. */
export function readInstance(row: Row): Instance | Damaged {
  const document = readJsonColumn(row, "document");
  const fault = document instanceof Fault ? document : instanceFault(document);
  if (fault !== undefined) return new Damaged(hashText(row), fault.reason);
  return document as unknown as Instance;
}

function hashText({ hash }: Row): string {
  return hash instanceof Uint8Array ? Buffer.from(hash).toString("hex") : String(hash);
}

function toJson(instance: Instance): string {
  return writeJson(instance as unknown as Fields);
}

/** Documents or links that are written in one step: some 20 ms. */
const DOCUMENTS_PER_STEP = 500;
const LINKS_PER_STEP = 5000;

/**
 * Puts documents, in steps. Writes their links last, in the order of the links' key: in a large
 * file almost every link is on a page of its own, and this way the page of a child that several
 * documents refer to is looked up once.
 */
export function* putDocuments(
  collection: OpenCollection,
  instances: readonly Instance[],
): Iterable<void> {
  const links: Link[] = [];
  for (const [i, instance] of instances.entries()) {
    if (i > 0 && i % DOCUMENTS_PER_STEP === 0) yield;
    for (const link of writeDocument(collection, instance)) links.push(link);
  }
  const needsSteps = links.length > LINKS_PER_STEP;
  if (needsSteps) yield;
  links.sort(compareChildren);
  for (let start = 0; start < links.length; start += LINKS_PER_STEP) {
    if (needsSteps) yield;
    writeLinks(collection, links.slice(start, start + LINKS_PER_STEP));
  }
}

function compareChildren(a: Link, b: Link): number {
  return a.child < b.child ? -1 : a.child > b.child ? 1 : 0;
}

/** Puts one document: inserts it, or merges it into the document that is there under its hash. */
export function putDocument(collection: OpenCollection, instance: Instance): void {
  writeLinks(collection, writeDocument(collection, instance));
}

/** Puts one document without its links; returns the links to write for it. */
function writeDocument(collection: OpenCollection, instance: Instance): Link[] {
  const json = toJson(instance);
  noteImport(collection, instance);
  return insertJson(collection, instance, json)
    ? linksOf(collection.prepare, instance)
    : mergeDocument(collection, instance, json);
}

/** Returns false, and writes nothing, if a document is there under the hash. */
export function insertDocument(collection: OpenCollection, instance: Instance): boolean {
  if (!insertJson(collection, instance, toJson(instance))) return false;
  noteImport(collection, instance);
  writeLinks(collection, linksOf(collection.prepare, instance));
  return true;
}

function insertJson(
  { prepare, id }: OpenCollection,
  { _hash, itype }: Instance,
  json: string,
): boolean {
  const { changes } = prepare(
    `INSERT INTO instances (collection, hash, itype, document)
     VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  ).run(id, keyOf(_hash), itype, json);
  return Number(changes) === 1;
}

/** Removes a document with its links. Returns false if there is none. */
export function removeDocument(collection: OpenCollection, hash: Hash): boolean {
  return removeKey(collection, keyOf(hash));
}

/** Removes the document under a key. One that cannot be read leaves its links, which find nothing. */
export function removeKey(collection: OpenCollection, key: Uint8Array): boolean {
  const row = collection.prepare(
    "DELETE FROM instances WHERE collection = ? AND hash = ? RETURNING document",
  ).get(collection.id, key);
  if (row === undefined) return false;
  const document = readJsonColumn(row, "document");
  if (!(document instanceof Fault) && isFields(document)) {
    const instance = document as unknown as Instance;
    if (typeof instance._hash === "string") removeImport(collection, instance);
    deleteLinks(collection, instance);
  }
  return true;
}

/** Merges an instance and its JSON into the document under its hash; returns the links to write. */
function mergeDocument({ prepare, id }: OpenCollection, instance: Instance, json: string): Link[] {
  if (MERGED_FIELDS[instance.itype] === undefined) return [];
  const key = keyOf(instance._hash);
  const row = prepare("SELECT document FROM instances WHERE collection = ? AND hash = ?")
    .get(id, key)!;
  // In most cases it is the same data again, which need not be parsed.
  if (row["document"] === json) return [];
  const present = readInstance({ ...row, hash: key });
  // What others damaged is replaced: its hash says what it was.
  if (present instanceof Damaged) return replaceDamaged({ prepare, id }, instance, json);
  const whole = mergeInstance(present, instance);
  const wholeJson = toJson(whole);
  if (wholeJson === row["document"]) return [];
  prepare("UPDATE instances SET document = ? WHERE collection = ? AND hash = ?")
    .run(wholeJson, id, key);
  return linksOf(prepare, selectNewReferences(whole, present));
}

function replaceDamaged({ prepare, id }: OpenCollection, instance: Instance, json: string): Link[] {
  prepare("UPDATE instances SET document = ?, itype = ? WHERE collection = ? AND hash = ?")
    .run(json, instance.itype, id, keyOf(instance._hash));
  return linksOf(prepare, instance);
}

/**
 * The merged instance with its new references only, except that an event keeps all of them: its
 * links hold its category, which may have changed.
 */
function selectNewReferences(whole: Instance, present: Instance): Instance {
  if (!("_ref" in whole) || whole.itype === "event") return whole;
  const before = new Set("_ref" in present ? present._ref : []);
  return { ...whole, _ref: whole._ref?.filter((hash) => !before.has(hash)) ?? [] };
}
