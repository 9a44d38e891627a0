import type { FollowedEvent } from "../graph/edge_follower.ts";
import { parseJson } from "../tahoe/json.ts";
import { type EventForm, eventForm } from "./event_form.ts";
import type { ReferenceNumbers } from "./reference_numbers.ts";
import { readTemplate } from "./templates.ts";
import type { Prepare, Row } from "./sqlite.ts";
import { readOrFault } from "./read_or_fault.ts";
import { Fault } from "../tahoe/fault.ts";

const HASH_BYTES = 32;

/**
 * The columns of many events in one row: a row of its own for each would take three times as long.
 * A chunk in which one of them is null, or a key is not that of a hash, has other sizes.
 */
export const EVENT_COLUMNS = `
  count(*) AS count, max(id) AS last,
  json_group_array(template) AS templates, json_group_array(organisation) AS organisations,
  json_group_array(octet_length(document)) AS sizes,
  unhex(group_concat(hex(hash), '')) AS hashes, unhex(group_concat(hex(document), '')) AS documents`;

/** What stands in a document, as far as the graph needs it. */
type Content = {
  /** Ids of its references, in place of which their numbers are put. */
  readonly references: number[];
  readonly timestamp: number;
};

/** Reads sound events quickly, and leaves all others to those who can say what is wrong with them. */
export class EventColumnsReader {
  readonly #forms = new Map<number, EventForm | undefined>();
  readonly #orgids = new Map<number, string | undefined>();
  readonly #numbers: ReferenceNumbers;

  constructor(numbers: ReferenceNumbers) {
    this.#numbers = numbers;
  }

  /** The events at finite times; undefined if one of the rows has to be read in another way. */
  read(prepare: Prepare, row: Row): FollowedEvent[] | undefined {
    const columns = parseColumns(row);
    if (columns === undefined) return undefined;
    const contents: Content[] = [];
    const forms: EventForm[] = [];
    const orgids: string[] = [];
    let end = 0;
    for (const [i, size] of columns.sizes.entries()) {
      const form = this.#form(prepare, columns.templates[i]!);
      const orgid = this.#orgid(prepare, columns.organisations[i]!);
      if (form === undefined || orgid === undefined) return undefined;
      const content = readContent(columns.documents.subarray(end, end += size), form);
      if (content === undefined) return undefined;
      contents.push(content);
      forms.push(form);
      orgids.push(orgid);
    }
    const lists = contents.map(({ references }) => references);
    if (!this.#numbers.replaceIds(prepare, lists)) return undefined;
    return contents.map(({ references, timestamp }, i) => ({
      hash: columns.hashes.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1)),
      timestamp,
      category: forms[i]!.category,
      references,
      orgid: orgids[i]!,
    })).filter(({ timestamp }) => Number.isFinite(timestamp));
  }

  #form(prepare: Prepare, template: number): EventForm | undefined {
    if (!this.#forms.has(template)) {
      const skeleton = readOrFault(() => readTemplate(prepare, template));
      this.#forms.set(template, skeleton instanceof Fault ? undefined : eventForm(skeleton));
    }
    return this.#forms.get(template);
  }

  #orgid(prepare: Prepare, id: number): string | undefined {
    if (!this.#orgids.has(id)) {
      const row = prepare("SELECT orgid FROM organisations WHERE id = ?").get(id);
      const orgid = row && parseJson(String(row["orgid"]));
      this.#orgids.set(id, typeof orgid === "string" ? orgid : undefined);
    }
    return this.#orgids.get(id);
  }
}

function parseColumns(row: Row) {
  const count = Number(row["count"]);
  const sizes = parseNumbers(row["sizes"]);
  const templates = parseNumbers(row["templates"]);
  const organisations = parseNumbers(row["organisations"]);
  const { hashes, documents } = row;
  if (!(hashes instanceof Uint8Array) || !(documents instanceof Uint8Array)) return undefined;
  if (hashes.length !== HASH_BYTES * count) return undefined;
  if (![sizes, templates, organisations].every(areWhole)) return undefined;
  return { sizes, templates, organisations, hashes, documents };
}

/** Numbers, or null in place of one. */
function parseNumbers(json: unknown): number[] {
  return JSON.parse(String(json));
}

function areWhole(numbers: readonly number[]): boolean {
  return numbers.every((number) => Number.isSafeInteger(number));
}

/** Undefined if the bytes are not what {@link EventForm} says, or are compressed. */
function readContent(bytes: Uint8Array, form: EventForm): Content | undefined {
  if (bytes[0] !== 0) return undefined;
  const cursor = new Cursor(bytes, 1);
  const ids = readIds(cursor, form);
  const timestamp = ids && readTimestamp(cursor, form);
  if (ids === undefined || timestamp === undefined) return undefined;
  return { references: form.places?.map((place) => ids[place]!) ?? ids, timestamp };
}

function readIds(cursor: Cursor, form: EventForm): number[] | undefined {
  const count = cursor.varint();
  if (!(count >= form.references && count < cursor.bytes.length)) return undefined;
  const ids: number[] = [];
  for (let i = 0; i < count; i++) {
    const id = cursor.varint();
    if (!Number.isSafeInteger(id)) return undefined;
    ids.push(id);
  }
  return ids;
}

/** Reads the literals to their end. */
function readTimestamp(cursor: Cursor, form: EventForm): number | undefined {
  const { bytes } = cursor;
  let timestamp: number | undefined;
  let literals = 0;
  for (; cursor.at < bytes.length; literals++) {
    const length = cursor.varint();
    const start = cursor.at;
    cursor.at += length === 0 ? 8 : length;
    if (!(cursor.at <= bytes.length)) return undefined;
    if (literals !== form.timestamp) continue;
    if (length !== 0) return undefined;
    timestamp = new DataView(bytes.buffer, bytes.byteOffset + start, 8).getFloat64(0);
  }
  return literals < form.literals ? undefined : timestamp;
}

/** A place in bytes, up to which they are read. */
class Cursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** NaN when the bytes end too early. */
  varint(): number {
    const { bytes } = this;
    let value = 0;
    let scale = 1;
    let byte = 0x80;
    while (byte >= 0x80 && this.at < bytes.length) {
      byte = bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
    return byte < 0x80 ? value : NaN;
  }
}
