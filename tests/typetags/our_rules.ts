import assert from "node:assert/strict";
import type { Event, Hash, Instance } from "../../lib/tahoe/instance.ts";
import { parseJson, writeJson } from "../../lib/tahoe/json.ts";
import { isFields, type Value } from "../../lib/tahoe/value.ts";
import { normalForms } from "../normal_form.ts";
import { type Archived, archived, collected, type Upload } from "./archived.ts";
import { isUnread, type RawUpdate, type Recorded } from "./recorded.ts";

/** Asserts what we make of an upload where it is not what was recorded. */
export type Rule = (ours: Archived) => void;

/** Our rule for an upload whose content asks for one; undefined where the recorded result holds. */
export function ruleFor(recorded: Recorded, index: number): Rule | undefined {
  const { uploads, rawUpdates, now, bug } = recorded;
  const upload = uploads[index]!;
  const update = rawUpdates[index]!;
  if (update === null) return (ours) => assert.deepEqual(ours.raw.data, textData(upload));
  const first = uploads.findIndex((_, other) => rawUpdates[other]?._hash === update._hash);
  if (uploads[first]!.orgid !== upload.orgid) {
    return (ours) => sameForOtherOrg(ours, archived(uploads[first]!, now), upload.orgid);
  }
  const rule = contentRule(upload, now);
  if (rule !== undefined) return rule;
  if (isUnread(update)) return isFirstUnread(recorded, index) ? isRejected : isRead;
  return bug && index > 0 ? hasOneTarget : undefined;
}

function contentRule(upload: Upload, now: number): Rule | undefined {
  const { typetag, plaintext } = upload;
  if (typetag === "email") {
    if (hasSeveralRecipients(plaintext)) return (ours) => hasEachRecipient(ours, plaintext);
    return isAscii(plaintext) ? undefined : (ours) => isReadByCharset(ours, plaintext);
  }
  if (isFeed(typetag)) {
    return hasUrlColumn(plaintext) ? (ours) => isFromColumn(ours, plaintext) : undefined;
  }
  const records = recordsIn(plaintext);
  if (records !== undefined) return (ours) => isUnionOf(ours, upload, records, now);
  if (typetag !== "cowrie") return undefined;
  const wrapped = messageOf(plaintext);
  if (wrapped !== undefined) return (ours) => isUnionOf(ours, upload, [wrapped], now);
  return hasTimeOfOurs(plaintext) ? isRead : undefined;
}

function textData({ plaintext }: Upload): Value {
  return { data: plaintext };
}

// An upload with its own events: the recorded filter sees the Raw of the first organisation only.
function sameForOtherOrg({ filtered }: Archived, first: Archived, orgid: string): void {
  const content = ({ sub_type, timestamp, data }: Event) =>
    writeJson({ sub_type, timestamp, data });
  const [ours, theirs] = [filtered?.events ?? [], first.filtered?.events ?? []];
  assert.deepEqual(ours.map(content), theirs.map(content));
  assert.ok(ours.every((event) => event.orgid === orgid));
}

function isFirstUnread({ uploads, rawUpdates }: Recorded, index: number): boolean {
  const { typetag } = uploads[index]!;
  return index === uploads.findIndex((other, at) => {
    const update = rawUpdates[at];
    return other.typetag === typetag && update !== null && isUnread(update!);
  });
}

function isRejected({ rejected, filtered }: Archived): void {
  assert.equal(rejected?.name, "Rejected");
  assert.notEqual(rejected?.message, "");
  assert.equal(filtered, undefined);
}

// What stands behind an upload that cannot be read is no worse for it.
function isRead({ rejected }: Archived): void {
  assert.notEqual(rejected?.code, "EVENTS_REJECTED");
}

function hasOneTarget({ filtered }: Archived): void {
  for (const { data } of filtered!.events) {
    assert.equal(data["dst"]?.length, 1);
    assert.equal(data["protocol"]?.length, 1);
  }
}

/** The texts of the records if there are several in one, or an array of any. */
function recordsIn(plaintext: string): readonly string[] | undefined {
  const value = parsed(plaintext);
  if (Array.isArray(value)) return value.length > 0 ? value.map(writeJson) : undefined;
  if (value !== undefined) return undefined;
  const lines = plaintext.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return isFields(parsed(lines[0] ?? "")) ? lines : undefined;
}

function isUnionOf(
  { filtered, rejected }: Archived,
  upload: Upload,
  records: readonly string[],
  now: number,
): void {
  const alone = records.map((plaintext) => archived({ ...upload, plaintext }, now));
  const failed = alone.flatMap((one, index) => one.rejected ? [index + 1] : []);
  if (failed.length === records.length) {
    assert.equal(rejected?.name, "Rejected");
    return;
  }
  assert.deepEqual(filtered?.rejected.map(({ record }) => record), failed);
  assert.deepEqual(normalForms(filtered.instances), normalForms(withoutRaws(alone)));
  const refs = new Set(alone.flatMap((one) => one.filtered?.refs ?? []));
  assert.deepEqual([...filtered.refs].sort(), [...refs].sort());
}

function withoutRaws(all: readonly Archived[]): Instance[] {
  return [...collected(all).values()].filter(({ itype }) => itype !== "raw");
}

/** The text of the record that filebeat or logstash wrapped. */
function messageOf(plaintext: string): string | undefined {
  const wrapper = parsed(plaintext);
  if (!isFields(wrapper) || "eventid" in wrapper) return undefined;
  const { message = null } = wrapper;
  const record = typeof message === "string" ? parsed(message) : message;
  return isFields(record) && "eventid" in record ? writeJson(record) : undefined;
}

// Python 3.8 takes fractions of 3 or 6 digits, and offsets with a colon.
function hasTimeOfOurs(plaintext: string): boolean {
  const record = parsed(plaintext);
  const time = isFields(record) ? String(record["timestamp"]) : "";
  const [, fraction = "", offset = ""] = /:\d\d(?:\.(\d+))?(?:Z|([-+].*))?$/.exec(time) ?? [];
  return ![0, 3, 6].includes(fraction.length) && fraction.length < 10 || /^[-+]\d{4}$/.test(offset);
}

function hasUrlColumn(plaintext: string): boolean {
  const [header = ""] = plaintext.trim().split("\n", 1);
  const cells = header.toLowerCase().split(",").map((cell) => cell.trim());
  const list = parsed(plaintext);
  return cells.length > 1 && cells.includes("url") ||
    Array.isArray(list) && list.some((row) => isFields(row) && "url" in row);
}

function isFromColumn({ filtered }: Archived, plaintext: string): void {
  const urls = filtered!.events.map(({ data }) => String(data["url"]![0]));
  assert.ok(urls.length > 0);
  for (const url of urls) assert.ok(/^(https?|ftp):/i.test(url) && plaintext.includes(url), url);
}

function hasSeveralRecipients(plaintext: string): boolean {
  return recipients(plaintext).length > 1;
}

/** What stands between the commas of the To header, quoted texts and comments left out. */
function recipients(plaintext: string): readonly string[] {
  const [head = ""] = (dataText(plaintext) ?? plaintext).split(/\r?\n\r?\n/, 1);
  const unfolded = head.replace(/\r?\n(?=[ \t])/g, "");
  const to = /^To:(.*)$/im.exec(unfolded)?.[1] ?? "";
  return to.replace(/"(?:[^"\\]|\\.)*"|\([^()]*\)/g, "").split(",");
}

function hasEachRecipient({ filtered }: Archived, plaintext: string): void {
  const [event] = filtered!.events;
  const addresses = event!.data["dst"]!.map((dst) => String((dst as Event["data"])["email_addr"]));
  const expected = recipients(plaintext).map((text) => /<([^>]*)>/.exec(text)?.[1] ?? text.trim());
  assert.deepEqual(addresses.toSorted(), [...new Set(expected)].sort());
}

function isReadByCharset({ filtered }: Archived, plaintext: string): void {
  const body = String(filtered!.events[0]!.data["body"]![0]);
  for (const [character] of body.matchAll(/[^\p{ASCII}]/gu)) {
    assert.ok(plaintext.includes(character) || /charset|=\?/i.test(plaintext), character);
  }
  assert.equal(body.includes("\\u"), plaintext.includes("\\u"));
}

function dataText(plaintext: string): string | undefined {
  const value = parsed(plaintext);
  return isFields(value) && typeof value["data"] === "string" ? value["data"] : undefined;
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(dataText(text) ?? text);
}

function parsed(text: string): Value | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The recorded result once our rules have been applied that hold for parts of an upload. */
export function corrected(recorded: Recorded): Recorded {
  const { uploads } = recorded;
  const noise = new Set(recorded.documents.filter(isNoise).map(({ _hash }) => _hash));
  const rawUpdates = recorded.rawUpdates.map((update, i) =>
    update !== null && isFeed(uploads[i]!.typetag) ? without(noise, update) : update
  );
  const refs = (named: (typetag: string) => boolean) =>
    new Set(
      rawUpdates.flatMap((update, i) => named(uploads[i]!.typetag) ? update?._ref ?? [] : []),
    );
  const [inFeeds, inOthers] = [refs(isFeed), refs((typetag) => !isFeed(typetag))];
  const documents = recorded.documents
    .filter(({ _hash }) => !noise.has(_hash) || inOthers.has(_hash))
    .map((document) =>
      // An event that a feed and a sighting tell of was recorded as the later one has it.
      document.itype === "event" && inFeeds.has(document._hash) && inOthers.has(document._hash)
        ? { ...document, category: "malicious" as const, _mal_ref: document._ref }
        : document
    );
  return { ...recorded, documents, rawUpdates };
}

function isFeed(typetag: string): boolean {
  return typetag.endsWith("_feed");
}

// Lines that are no addresses were recorded as such.
function without(noise: ReadonlySet<Hash>, update: RawUpdate): RawUpdate {
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
