import { withoutComments } from "../../json_comments.ts";
import { arrayCutter } from "./array_cutter.ts";
import type { Cutter } from "./cutter.ts";
import { findHeader } from "./header.ts";
import { lineCutter } from "./line_cutter.ts";
import { mboxCutter } from "./mbox_cutter.ts";

/** Typetags whose records refer to each other, across a whole upload. */
const CONNECTED: ReadonlySet<string> = new Set(["misp", "stix"]);

/** Typetags that are read line by line, whatever the lines are. */
const LISTS: ReadonlySet<string> = new Set(["ioc_list", "openphish_feed", "phishtank_feed"]);

/** Bytes that tell how an upload is to be split. */
const HEAD_BYTES = 2 * 1024 ** 2;

/** How to split an upload that begins with these bytes; undefined if it must stay whole. */
export function findCutter(typetag: string, bytes: Uint8Array): Cutter | undefined {
  const head = startOf(bytes);
  if (CONNECTED.has(typetag)) return undefined;
  if (typetag === "email") return head.startsWith("From ") ? mboxCutter() : undefined;
  if (isArray(head)) return arrayCutter(arrayStart(bytes));
  if (hasRecordLine(typetag, head)) return lineCutter();
  return isPlainList(typetag, head) ? lineCutter(findHeader(head)) : undefined;
}

/** Whether data of a typetag may be read line by line; some of it may be one JSON value all the same. */
export function hasLines(typetag: string): boolean {
  return typetag !== "email" && !CONNECTED.has(typetag);
}

/** Whether what begins with these bytes is read line by line, and may grow. */
export function isInLines(typetag: string, bytes: Uint8Array): boolean {
  const head = startOf(bytes);
  if (!hasLines(typetag) || isArray(head)) return false;
  const isFirstLine = head !== "" && !head.includes("\n") && bytes.length < HEAD_BYTES;
  return isFirstLine || hasRecordLine(typetag, head) || isPlainList(typetag, head);
}

function startOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)).trimStart();
}

function isArray(head: string): boolean {
  return /^\[\s*[{["]/.test(withoutComments(head));
}

/** Where the bracket of an array is: comments may stand before it. */
function arrayStart(bytes: Uint8Array): number {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, HEAD_BYTES));
  return head.length - withoutComments(head).length;
}

/** Whether a typetag is that of lists, which are read line by line whatever the lines are. */
export function isList(typetag: string): boolean {
  return LISTS.has(typetag);
}

function isPlainList(typetag: string, head: string): boolean {
  return LISTS.has(typetag) && !head.startsWith("{");
}

/** The header that each part of a list needs, if it is among the first bytes; otherwise empty. */
export function headerIn(typetag: string, head: Uint8Array): Uint8Array {
  return LISTS.has(typetag) ? findHeader(new TextDecoder().decode(head)) : new Uint8Array();
}

/** Names of the lists of records in the answers of Elasticsearch. */
const ANSWER_LISTS: ReadonlySet<string> = new Set(["hits", "responses"]);

/** Names of the lists in which the filter of a typetag finds records; undefined for all. */
export function listNames(typetag: string): ReadonlySet<string> | undefined {
  return LISTS.has(typetag) ? undefined : ANSWER_LISTS;
}

/** Whether an upload is one JSON object in whose lists the filter of its typetag may find records. */
export function isWrapper(typetag: string, bytes: Uint8Array): boolean {
  const head = startOf(bytes);
  return (typetag === "cowrie" || LISTS.has(typetag)) && head.startsWith("{") && !hasJsonLine(head);
}

/** Whether one of the lines is a record of a typetag: JSON, which for Cowrie may stand behind a prefix. */
function hasRecordLine(typetag: string, head: string): boolean {
  return hasJsonLine(head) ||
    (typetag === "cowrie" && !/^[[{]/.test(head) && hasJsonLine(head.replaceAll(PREFIX, "")));
}

/** What syslog, containers and others put before the JSON in a line. */
const PREFIX = /^[^\n{"[][^\n{]*(?=\{)/gm;

/** A line after which JSON goes on. */
const UNCLOSED_LINE = /^\{.*[{[,]\s*$|^\{\s*$/;

/**
 * Whether one of the complete lines is a JSON object; the first may be cut off, after a rotation. An
 * object over several lines may have such lines inside.
 */
function hasJsonLine(head: string): boolean {
  const lines = head.split("\n").slice(0, -1);
  return !UNCLOSED_LINE.test(lines[0] ?? "") && lines.some(isJsonObject);
}

/** Whether a line is a JSON object with members. */
export function isJsonObject(line: string): boolean {
  const text = line.trim();
  if (!text.startsWith("{") || !text.endsWith("}")) return false;
  try {
    return Object.keys(JSON.parse(text)).length > 0;
  } catch {
    return false;
  }
}
