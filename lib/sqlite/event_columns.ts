import type { FollowedEvent, NumberOf } from "../graph/edge_follower.ts";
import { parseJson } from "../tahoe/json.ts";
import { type EventForm, eventForm } from "./event_form.ts";
import { hashOf } from "./key.ts";
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
  count(*) AS count, max(id) AS last, json_group_array(id) AS ids,
  json_group_array(template) AS templates, json_group_array(organisation) AS organisations,
  json_group_array(octet_length(document)) AS sizes,
  unhex(group_concat(hex(hash), '')) AS hashes, unhex(group_concat(hex(document), '')) AS documents`;

// An attribute that was removed has its row as long as something refers to it.
const REFERENCES = `
  SELECT json_group_array(instances.id) AS ids, lower(group_concat(hex(hash), ' ')) AS hashes
  FROM json_each(?) CROSS JOIN instances ON instances.id = value`;

/** What stands in a document, as far as the graph needs it. */
type Content = { readonly ids: readonly number[]; readonly timestamp: number };

/** Reads sound events quickly, and leaves all others to those who can say what is wrong with them. */
export class EventColumnsReader {
  readonly #forms = new Map<number, EventForm | undefined>();
  readonly #orgids = new Map<number, string | undefined>();
  readonly #numberOf: NumberOf;
  /** Numbers of references by id. */
  readonly #references = new Map<number, number>();

  constructor(numberOf: NumberOf) {
    this.#numberOf = numberOf;
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
    if (!this.#load(prepare, contents)) return undefined;
    return contents.flatMap(({ ids, timestamp }, i) =>
      Number.isFinite(timestamp)
        ? [{
          hash: hashOf(columns.hashes.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1))),
          timestamp,
          category: forms[i]!.category,
          references: ids.map((id) => this.#references.get(id)!),
          orgid: orgids[i]!,
        }]
        : []
    );
  }

  /** Forgets the numbers of references. */
  clear(): void {
    this.#references.clear();
  }

  /** Looks the numbers of references up; false if one of them is not in the file. */
  #load(prepare: Prepare, contents: readonly Content[]): boolean {
    const missing = new Set<number>();
    for (const { ids } of contents) {
      for (const id of ids) if (!this.#references.has(id)) missing.add(id);
    }
    if (missing.size === 0) return true;
    const row = prepare(REFERENCES).get(JSON.stringify([...missing]))!;
    const ids = JSON.parse(String(row["ids"])) as number[];
    if (ids.length < missing.size) return false;
    const hashes = String(row["hashes"]).split(" ");
    if (hashes.some((hash) => hash.length !== 2 * HASH_BYTES)) return false;
    for (const [i, id] of ids.entries()) this.#references.set(id, this.#numberOf(hashes[i]!));
    return true;
  }

  #form(prepare: Prepare, template: number | null): EventForm | undefined {
    if (template === null) return undefined;
    if (!this.#forms.has(template)) {
      const skeleton = readOrFault(() => readTemplate(prepare, template));
      this.#forms.set(template, skeleton instanceof Fault ? undefined : eventForm(skeleton));
    }
    return this.#forms.get(template);
  }

  #orgid(prepare: Prepare, id: number | null): string | undefined {
    if (id === null) return undefined;
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
  const list = (name: string) => JSON.parse(String(row[name])) as (number | null)[];
  const [sizes, templates, organisations] = [
    list("sizes"),
    list("templates"),
    list("organisations"),
  ];
  const { hashes, documents } = row;
  if (!(hashes instanceof Uint8Array) || !(documents instanceof Uint8Array)) return undefined;
  if (hashes.length !== HASH_BYTES * count) return undefined;
  const numbers = [...sizes, ...templates, ...organisations];
  if (!numbers.every((number) => Number.isSafeInteger(number))) return undefined;
  return { sizes: sizes as number[], templates, organisations, hashes, documents };
}

/** Undefined if the bytes are not what {@link EventForm} says, or are compressed. */
function readContent(bytes: Uint8Array, form: EventForm): Content | undefined {
  if (bytes[0] !== 0) return undefined;
  let at = 1;
  const varint = () => {
    let value = 0;
    let scale = 1;
    let byte = 0x80;
    while (byte >= 0x80 && at < bytes.length) {
      byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
    return byte < 0x80 ? value : NaN;
  };
  const count = varint();
  if (!(count >= form.references && count < bytes.length)) return undefined;
  const ids = Array.from({ length: count }, varint);
  if (!ids.every((id) => Number.isSafeInteger(id))) return undefined;
  let timestamp: number | undefined;
  let literals = 0;
  for (; at < bytes.length; literals++) {
    const length = varint();
    const start = at;
    at += length === 0 ? 8 : length;
    if (!(at <= bytes.length)) return undefined;
    if (literals !== form.timestamp) continue;
    if (length !== 0) return undefined;
    timestamp = new DataView(bytes.buffer, bytes.byteOffset + start, 8).getFloat64(0);
  }
  if (literals < form.literals || timestamp === undefined) return undefined;
  return { ids: form.places?.map((place) => ids[place]!) ?? ids, timestamp };
}
