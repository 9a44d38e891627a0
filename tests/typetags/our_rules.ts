import { deepEqual, equal, notEqual, ok } from "../assert.ts";
import type { Event, Hash, Instance } from "../../lib/tahoe/instance.ts";
import { parseJson, writeJson } from "../../lib/tahoe/json.ts";
import { isFields, type Value } from "../../lib/tahoe/value.ts";
import { normalForms } from "../normal_form.ts";
import {
  type ArchivedUpload,
  archiveUpload,
  collectDocuments,
  type PlainUpload,
} from "./archive_upload.ts";
import { isUnread, type RawUpdate, type RecordedCase } from "./recorded_cases.ts";

/** Asserts the result for an upload where it differs from the recorded one on purpose. */
export type Rule = (ours: ArchivedUpload) => void;

/** The rule for an upload; undefined if the result must be the recorded one. */
export function ruleFor(recorded: RecordedCase, index: number): Rule | undefined {
  const { uploads, rawUpdates, now, bug } = recorded;
  const upload = uploads[index]!;
  const update = rawUpdates[index]!;
  if (update === null) return ({ raw }) => deepEqual(raw.data, { data: upload.plaintext });
  const first = uploads.findIndex((_, other) => rawUpdates[other]?._hash === update._hash);
  if (uploads[first]!.orgid !== upload.orgid) {
    return (ours) => checkSameEvents(ours, archiveUpload(uploads[first]!, now), upload.orgid);
  }
  const rule = contentRule(upload, now);
  if (rule !== undefined) return rule;
  if (isUnread(update)) return isFirstUnread(recorded, index) ? checkRejected : checkRead;
  return bug && index > 0 ? checkOneTarget : undefined;
}

function contentRule(upload: PlainUpload, now: number): Rule | undefined {
  const { typetag, plaintext } = upload;
  if (typetag === "email") {
    if (hasSeveralRecipients(plaintext)) return (ours) => checkEachRecipient(ours, plaintext);
    return isAscii(plaintext) ? undefined : (ours) => checkDecoded(ours, plaintext);
  }
  if (isFeed(typetag)) {
    return hasUrlColumn(plaintext) ? (ours) => checkFromColumn(ours, plaintext) : undefined;
  }
  const archiveAlone = (plaintext: string) => archiveUpload({ ...upload, plaintext }, now);
  const records = recordsAsJson(plaintext);
  if (records !== undefined) return (ours) => checkUnion(ours, records.map(archiveAlone));
  if (typetag !== "cowrie") return undefined;
  const wrapped = wrappedRecord(plaintext);
  if (wrapped !== undefined) return (ours) => checkUnion(ours, [archiveAlone(wrapped)]);
  return hasTimeOnlyWeRead(plaintext) || lacksOptionalField(plaintext) ? checkRead : undefined;
}

// Each organisation gets events of its own. The recorded filters read the Raw only once, for the
// first organisation.
function checkSameEvents({ filtered }: ArchivedUpload, first: ArchivedUpload, orgid: string): void {
  const content = ({ sub_type, timestamp, data }: Event) =>
    writeJson({ sub_type, timestamp, data });
  const [ours, firsts] = [filtered?.events ?? [], first.filtered?.events ?? []];
  deepEqual(ours.map(content), firsts.map(content));
  ok(ours.every((event) => event.orgid === orgid));
}

function isFirstUnread({ uploads, rawUpdates }: RecordedCase, index: number): boolean {
  const { typetag } = uploads[index]!;
  return index === uploads.findIndex((other, at) => {
    const update = rawUpdates[at];
    return other.typetag === typetag && update !== null && isUnread(update!);
  });
}

function checkRejected({ rejected, filtered }: ArchivedUpload): void {
  equal(rejected?.name, "Rejected");
  notEqual(rejected?.message, "");
  equal(filtered, undefined);
}

// An upload that cannot be read does not affect the uploads after it.
function checkRead({ rejected }: ArchivedUpload): void {
  notEqual(rejected?.code, "EVENTS_REJECTED");
}

function checkOneTarget({ filtered }: ArchivedUpload): void {
  for (const { data } of filtered!.events) {
    equal(data["dst"]?.length, 1);
    equal(data["protocol"]?.length, 1);
  }
}

/** The records of an upload as JSON: the members of an array, or several lines. */
function recordsAsJson(plaintext: string): readonly string[] | undefined {
  const value = tryParse(plaintext);
  if (Array.isArray(value)) return value.length > 0 ? value.map(writeJson) : undefined;
  if (value !== undefined) return undefined;
  const lines = plaintext.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return isFields(tryParse(lines[0] ?? "")) ? lines : undefined;
}

/** Checks that the result is what each record gives if it is uploaded alone. */
function checkUnion(
  { filtered, rejected }: ArchivedUpload,
  alone: readonly ArchivedUpload[],
): void {
  const failed = alone.flatMap((one, index) => one.rejected ? [index + 1] : []);
  if (failed.length === alone.length) {
    equal(rejected?.name, "Rejected");
    return;
  }
  deepEqual(filtered?.rejected.map(({ record }) => record), failed);
  deepEqual(normalForms(filtered.instances), normalForms(withoutRaws(alone)));
  const refs = new Set(alone.flatMap((one) => one.filtered?.refs ?? []));
  deepEqual([...filtered.refs].sort(), [...refs].sort());
}

function withoutRaws(all: readonly ArchivedUpload[]): Instance[] {
  return [...collectDocuments(all).values()].filter(({ itype }) => itype !== "raw");
}

/** The record that filebeat or logstash wrapped, as JSON. */
function wrappedRecord(plaintext: string): string | undefined {
  const wrapper = tryParse(plaintext);
  if (!isFields(wrapper) || "eventid" in wrapper) return undefined;
  const { message = null } = wrapper;
  const record = typeof message === "string" ? tryParse(message) : message;
  return isFields(record) && "eventid" in record ? writeJson(record) : undefined;
}

// The recorded filters ran on Python 3.8, which reads only fractions of 3 or 6 digits and offsets
// with a colon.
function hasTimeOnlyWeRead(plaintext: string): boolean {
  const record = tryParse(plaintext);
  const time = isFields(record) ? String(record["timestamp"]) : "";
  const [, fraction = "", offset = ""] = /:\d\d(?:\.(\d+))?(?:Z|([-+].*))?$/.exec(time) ?? [];
  return ![0, 3, 6].includes(fraction.length) && fraction.length < 10 || /^[-+]\d{4}$/.test(offset);
}

/** Fields that some versions of Cowrie leave out. The recorded filters ended in an exception. */
const OPTIONAL_FIELDS: { readonly [eventid: string]: string } = {
  "cowrie.login.failed": "password",
  "cowrie.session.file_upload": "message",
  "cowrie.session.closed": "duration",
};

function lacksOptionalField(plaintext: string): boolean {
  const record = tryParse(plaintext);
  const name = isFields(record) ? OPTIONAL_FIELDS[String(record["eventid"])] : undefined;
  return name !== undefined && isFields(record) && !(name in record);
}

function hasUrlColumn(plaintext: string): boolean {
  const [header = ""] = plaintext.trim().split("\n", 1);
  const cells = header.toLowerCase().split(",").map((cell) => cell.trim());
  const list = tryParse(plaintext);
  return cells.length > 1 && cells.includes("url") ||
    Array.isArray(list) && list.some((row) => isFields(row) && "url" in row);
}

function checkFromColumn({ filtered }: ArchivedUpload, plaintext: string): void {
  const urls = filtered!.events.map(({ data }) => String(data["url"]![0]));
  ok(urls.length > 0, String(urls.length));
  for (const url of urls) ok(/^(https?|ftp):/i.test(url) && plaintext.includes(url), url);
}

function hasSeveralRecipients(plaintext: string): boolean {
  return splitRecipients(plaintext).length > 1;
}

/** The parts of the To header between commas, without quoted strings and comments. */
function splitRecipients(plaintext: string): readonly string[] {
  const [head = ""] = (textInData(plaintext) ?? plaintext).split(/\r?\n\r?\n/, 1);
  const unfolded = head.replace(/\r?\n(?=[ \t])/g, "");
  const to = /^To:(.*)$/im.exec(unfolded)?.[1] ?? "";
  return to.replace(/"(?:[^"\\]|\\.)*"|\([^()]*\)/g, "").split(",");
}

function checkEachRecipient({ filtered }: ArchivedUpload, plaintext: string): void {
  const [event] = filtered!.events;
  const addresses = event!.data["dst"]!.map((dst) => String((dst as Event["data"])["email_addr"]));
  const expected = splitRecipients(plaintext).map((text) =>
    /<([^>]*)>/.exec(text)?.[1] ?? text.trim()
  );
  deepEqual(addresses.toSorted(), [...new Set(expected)].sort());
}

function checkDecoded({ filtered }: ArchivedUpload, plaintext: string): void {
  const body = String(filtered!.events[0]!.data["body"]![0]);
  for (const [character] of body.matchAll(/[^\p{ASCII}]/gu)) {
    ok(plaintext.includes(character) || /charset|=\?/i.test(plaintext), character);
  }
  equal(body.includes("\\u"), plaintext.includes("\\u"));
}

function textInData(plaintext: string): string | undefined {
  const value = tryParse(plaintext);
  return isFields(value) && typeof value["data"] === "string" ? value["data"] : undefined;
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(textInData(text) ?? text);
}

function tryParse(text: string): Value | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** A recorded case after the rules that concern only some events of an upload. */
export function correctCase(recorded: RecordedCase): RecordedCase {
  const { uploads } = recorded;
  const noise = new Set(recorded.documents.filter(isNoise).map(({ _hash }) => _hash));
  const rawUpdates = recorded.rawUpdates.map((update, i) =>
    update !== null && isFeed(uploads[i]!.typetag) ? withoutNoise(noise, update) : update
  );
  const refsOf = (isIncluded: (typetag: string) => boolean) =>
    new Set(
      rawUpdates.flatMap((update, i) => isIncluded(uploads[i]!.typetag) ? update?._ref ?? [] : []),
    );
  const [inFeeds, inOthers] = [refsOf(isFeed), refsOf((typetag) => !isFeed(typetag))];
  const documents = recorded.documents
    .filter(({ _hash }) => !noise.has(_hash) || inOthers.has(_hash))
    .map((document) =>
      // If a feed and a sighting give the same event, the later one was recorded.
      document.itype === "event" && inFeeds.has(document._hash) && inOthers.has(document._hash)
        ? { ...document, category: "malicious" as const, _mal_ref: document._ref }
        : document
    );
  return { ...recorded, documents, rawUpdates };
}

function isFeed(typetag: string): boolean {
  return typetag.endsWith("_feed");
}

// The recorded filters made events of lines that are not URLs.
function withoutNoise(noise: ReadonlySet<Hash>, update: RawUpdate): RawUpdate {
  const _ref = update._ref?.filter((hash) => !noise.has(hash));
  if (_ref === undefined) return update;
  if (_ref.length > 0) return { ...update, _ref };
  return { ...update, filters: null, _valid: false, _ref: null };
}

function isNoise(document: Instance): boolean {
  const { itype, sub_type, data } = document;
  const urls = itype === "attribute" && sub_type === "url"
    ? [data]
    : itype === "event" && sub_type === "sighting"
    ? document.data["url"] ?? []
    : [];
  return urls.some((url) => !/^(https?|ftp):\/\//i.test(String(url)));
}
