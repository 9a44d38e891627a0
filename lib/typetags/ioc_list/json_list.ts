import { Rejected } from "../../errors.ts";
import { recognise } from "../../indicators/recognise.ts";
import { type Fields, isFields, isScalar, type Value } from "../../tahoe/value.ts";
import { isOtherColumn, readerByName } from "./columns.ts";
import { columnList, tableRecords, type TextRecord } from "./json_table.ts";
import { countSkipped } from "./reading.ts";

/** What a JSON list consists of. */
export type JsonItems = {
  /** Strings that are read as lines. */
  readonly texts: string[];
  readonly records: TextRecord[];
  /** What was skipped, by name, and how often. */
  readonly skipped: Map<string, number>;
};

/** Fields in which the answers of servers keep lists, in lower case without `_`, `-` and blanks. */
const LIST_NAME =
  /^(?:data|dataset|results?|items?|records?|entries|rows|response|list|values?|objects?|feed|body|content|documents?|docs|hits|matches|(?:block|black|deny|ban)(?:ed)?list|blocked|banned|threats?|attackers?|payloads?|samples?|files?|(?:file)?hash(?:es)?|(?:ioc|indicator|observable|artifact)s?|vulnerabilities|pulses?|edges)$/;

/** Fields in which a feed keeps its records, whatever it says of itself beside them. */
const RECORDS_NAME =
  /^(?:data|dataset|results?|items?|records?|entries|rows|response|list|feed|hits|matches|docs|documents|objects|(?:ioc|indicator|observable|artifact)s?|pulses?|threats?|(?:block|black|deny|ban)(?:ed)?list)$/;

/** Fields of what is not to be looked for, or of who made or holds something. */
const HARMLESS_NAME =
  /^(?:white|allow|safe)(?:ed)?(?:list)?(?:ed)?(?:domains?|ips?|hosts?|urls?)?$|benign|legitimate|falsepositive|trusted|^(?:deleted|removed|expired)$|meta(?:data)?$|^(?:links?|pagination|paging|query|request|license|whois|owner|org(?:ani[sz]ation)?|customers?|users?|creator|asn?|geo(?:ip|location)?|isp|vendor)$/;

/** Fields in which servers say why they send no list. */
const MESSAGE_NAME = /^(?:errors?|fault|exception|message|msg|detail|reason|status|querystatus)$/;

/** Lists within lists; more than any feed has. */
const MAX_DEPTH = 6;

const UNREAD_LIST = "list that is not one of indicators";
const ABOUT_LIST = "name or address of the list itself";

/** Opens a JSON array: its strings, and the records in its objects. */
export function openArray(elements: readonly Value[]): JsonItems {
  const items = noItems();
  addElements(items, elements, 0);
  return items;
}

/**
 * Opens a JSON object: a record that names an indicator, the lists in it, or records under keys that
 * are their ids or the indicators themselves.
 *
 * @throws {Rejected} EVENTS_INVALID when it is the message of a server.
 */
export function openObject(object: Fields): JsonItems {
  if (isError(object)) throw message("error");
  const items = noItems();
  addObject(items, object, 0);
  if (items.texts.length + items.records.length === 0 && items.skipped.size === 0) {
    const name = Object.keys(object).find((name) => MESSAGE_NAME.test(plain(name)));
    if (name !== undefined) throw message(plain(name));
    countSkipped(items.skipped, UNREAD_LIST, countLists(object));
    if (items.skipped.size === 0) countSkipped(items.skipped, "object that names no indicator");
  }
  return items;
}

/** How many lists an object holds, also in objects in it. */
function countLists(object: Fields): number {
  return Object.values(object).reduce<number>(
    (count, value) => count + (Array.isArray(value) ? 1 : isFields(value) ? countLists(value) : 0),
    0,
  );
}

function noItems(): JsonItems {
  return { texts: [], records: [], skipped: new Map() };
}

function isError({ error, errors, success }: Fields): boolean {
  const isSaid = (value: Value | undefined) =>
    typeof value === "string" ? value !== "" : value === true || isFields(value);
  return isSaid(error) || isSaid(errors) || success === false;
}

function message(name: string): Rejected {
  return new Rejected(
    "EVENTS_INVALID",
    `The data is a message of a server (it has the field ${name}), not a list. Was the download refused?`,
  );
}

function addElements(items: JsonItems, elements: readonly Value[], depth: number): void {
  const rows = tableRecords(elements);
  if (rows !== undefined) {
    for (const record of rows) items.records.push(record);
    return;
  }
  for (const element of elements) {
    if (typeof element === "string") items.texts.push(element);
    else if (Array.isArray(element) && depth < MAX_DEPTH) addElements(items, element, depth + 1);
    else if (!isFields(element)) countSkipped(items.skipped, "entry that is not text");
    else if (!addObject(items, element, depth)) items.records.push(textFields(element));
  }
}

/** Adds what an object holds; false if that is neither a record that names an indicator nor a list. */
function addObject(items: JsonItems, object: Fields, depth: number): boolean {
  const { type } = object;
  if (typeof type === "string" && /^meta(?:data)?$/i.test(type)) {
    countSkipped(items.skipped, ABOUT_LIST);
    return true;
  }
  if (depth < MAX_DEPTH && holdsRecords(object)) {
    if (namesIndicator(object)) countSkipped(items.skipped, ABOUT_LIST);
    return addLists(items, object, depth);
  }
  if (namesIndicator(object)) {
    items.records.push(textFields(object));
    if (depth < MAX_DEPTH) addInnerLists(items, object, depth);
    return true;
  }
  if (depth >= MAX_DEPTH) return false;
  return addLists(items, object, depth) || addKeyed(items, object, depth) ||
    addInnerObjects(items, object, depth);
}

/** Opens the objects in an object that names no indicator itself, except those that tell about others. */
function addInnerObjects(items: JsonItems, object: Fields, depth: number): boolean {
  const inner = Object.entries(object).flatMap(([name, value]) =>
    isFields(value) && mayHoldRecord(name) ? [value] : []
  );
  return inner.map((each) => addObject(items, each, depth + 1)).some((found) => found);
}

/** False for fields of what tells about a record; `_source` is the record in a hit of Elasticsearch. */
function mayHoldRecord(name: string): boolean {
  return name === "_source" || (!isOtherColumn(name) && !HARMLESS_NAME.test(plain(name)));
}

/** True if a field with a plain value is named as a column of indicators is. */
function namesIndicator(object: Fields): boolean {
  const names = Object.keys(object).filter((name) => {
    const value = object[name]!;
    return isScalar(value) && value !== null;
  });
  return readerByName(names) !== undefined;
}

/** Whether an object is the envelope of a list: what it names besides is the feed or who asked. */
function holdsRecords(object: Fields): boolean {
  return Object.entries(object).some(([name, value]) =>
    RECORDS_NAME.test(plain(name)) && Array.isArray(value) &&
    value.some((one) =>
      isFields(one)
        ? namesIndicator(one) || holdsRecords(one)
        : typeof one === "string" && recognise(one) !== undefined
    )
  );
}

/** Adds the objects in the lists of a record, such as the files that were seen at a URL. */
function addInnerLists(items: JsonItems, object: Fields, depth: number): void {
  for (const [name, value] of Object.entries(object)) {
    if (!Array.isArray(value)) continue;
    const inner = value.filter(isFields);
    if (inner.length === 0) continue;
    const isRead = LIST_NAME.test(plain(name)) || readerByName([name]) !== undefined;
    if (isRead) addElements(items, inner, depth + 1);
    else countSkipped(items.skipped, UNREAD_LIST);
  }
}

function addLists(items: JsonItems, object: Fields, depth: number): boolean {
  let found = false;
  const others: Value[] = [];
  const columns = columnList(object);
  const hasSeveral =
    Object.entries(object).filter(([name, value]) =>
      LIST_NAME.test(plain(name)) && (Array.isArray(value) || isFields(value))
    ).length > 1;
  for (const [name, value] of Object.entries(object)) {
    const isColumn = readerByName([name]) !== undefined;
    if (!Array.isArray(value) && !isFields(value)) continue;
    if (!isColumn && !LIST_NAME.test(plain(name))) {
      if (Array.isArray(value)) others.push(value);
      continue;
    }
    found = true;
    if (!Array.isArray(value) && hasSeveral && namesIndicator(value)) {
      countSkipped(items.skipped, ABOUT_LIST);
    } else if (!Array.isArray(value)) addObject(items, value as Fields, depth + 1);
    else if (isColumn) addColumn(items, name, { values: value, depth });
    else addElements(items, columns === undefined ? value : [columns, ...value], depth + 1);
  }
  if (found) countSkipped(items.skipped, UNREAD_LIST, others.length);
  return found;
}

/** Adds a list under the name of a column: each string is a row of that column alone. */
function addColumn(
  items: JsonItems,
  name: string,
  { values, depth }: { readonly values: readonly Value[]; readonly depth: number },
): void {
  const texts = values.filter((value) => typeof value === "string");
  for (const text of texts) items.records.push({ [name]: text });
  addElements(items, values.filter((value) => typeof value !== "string"), depth + 1);
}

/** `{"1700001": [{…}], …}`: records by id; `{"192.0.2.1": {…}, …}`: what is known of each indicator. */
function addKeyed(items: JsonItems, object: Fields, depth: number): boolean {
  const entries = Object.entries(object);
  if (entries.length === 0) return false;
  if (entries.every(([key]) => recognise(key) !== undefined)) {
    for (const [key, value] of entries) {
      items.records.push({ ...(isFields(value) && aboutFields(value)), indicator: key });
    }
    return true;
  }
  const listed = entries.filter(([name]) => !HARMLESS_NAME.test(plain(name)));
  const records = listed.flatMap(([, value]) => Array.isArray(value) ? value : [value]);
  if (!records.every((record) => isFields(record) && namesIndicator(record))) return false;
  addElements(items, records, depth + 1);
  countSkipped(items.skipped, UNREAD_LIST, entries.length - listed.length);
  return true;
}

/** The fields that tell about an indicator and name no other. */
function aboutFields(fields: Fields): TextRecord {
  const entries = Object.entries(textFields(fields));
  return Object.fromEntries(entries.filter(([name]) => readerByName([name]) === undefined));
}

/** The plain values of an object as text, and its lists of strings as one text. */
function textFields(fields: Fields): TextRecord {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      if (Array.isArray(value)) {
        return [[name, value.filter((item) => typeof item === "string").join("\n")]];
      }
      return isScalar(value) && value !== null ? [[name, String(value)]] : [];
    }),
  );
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
