import { namedHash, readNamedHash } from "../../indicators/hash_name.ts";
import { rangeNetworks } from "../../indicators/range.ts";
import { type Indicator, recognise } from "../../indicators/recognise.ts";
import { readCell } from "./scan.ts";

/** Reads the indicators in a row of a table. */
export type RowReader = (cells: readonly string[]) => readonly Indicator[];

/** Reads the indicators in a cell; none if it also contains other words. */
type CellReader = (cell: string) => readonly Indicator[];

/** Columns that name an indicator, in lower case without `_`, `-` and blanks. */
const INDICATOR_COLUMN =
  /^(?:(?:ioc|indicator|observable|artifact)s?(?:value)?|value|entry|(?:ip(?:v[46])?|cidr|net|network|netblock|subnet|prefix)s?(?:addr(?:ess)?(?:es)?|range|prefix|cidr|port|block|v[46])?|addr(?:ess)?(?:es)?|(?:src|source|dst|dest|destination|remote|attacker|attacking|malicious|bad|c2|cc|cnc|server|host)(?:ip(?:v[46])?|addr(?:ess)?|ipaddr(?:ess)?)(?:port)?|ip(?:src|dst)|(?:c2|cc|cnc)(?:server)?s?)$/;
/** Columns in which every name is a domain. */
const NAME_COLUMN =
  /^(?:(?:c2|cc|cnc|malicious|bad|phish(?:ing)?|malware)?(?:domain|host|fqdn)(?:name)?s?|dns(?:name)?|sld)$/;
const URL_COLUMN =
  /^(?:full|c2|cc|cnc|malicious|bad|phish(?:ing)?|malware|payload|download)?(?:url|uri)s?$/;
const MAIL_COLUMN = /^(?:e?mail|mailfrom|sender)(?:addr(?:ess)?(?:es)?)?s?$/;
const CVE_COLUMN = /^(?:cve|vulnerability)(?:id|number|s)?$/;

/** Columns that tell about an indicator or about who is harmed by it. */
const OTHER_COLUMN =
  /target|brand|victim|impersonat|legit|link|refer|source|report|contact|abuse|tweet|twitter|author|credit|company|regist|nameserver|^ns\d?$|resolv|redirect|detail|screenshot|blog|more|info|note|comment|descr|title|terms|license|email/;

const TYPE_COLUMN = /^(?:ioc|indicator|observable|i|attribute)?(?:type|kind)$/;
const NAME_TYPE = /^(?:domain|host|fqdn|dns|onion)(?:name)?s?$/;
/** Types of values that look like indicators but are none that a list can name. */
const OTHER_TYPE =
  /^(?:file(?:name|path)?s?|path|process|mutex|reg|useragent|pdb|service|text|comment|link|asn?|yara|snort|sigma|btc|bitcoin|xmr|wallet|target|attachment|malwaretype|pattern|size)/;

const START_COLUMN =
  /^(?:ip|net|network|range|addr(?:ess)?|block)?(?:start|from|first|begin|low(?:er)?)(?:ip|addr(?:ess)?|ofnetblock|ofrange)?$/;
const END_COLUMN =
  /^(?:ip|net|network|range|addr(?:ess)?|block)?(?:end|to|last|stop|high(?:er)?|upper)(?:ip|addr(?:ess)?|ofnetblock|ofrange)?$/;

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** True if a column of this name holds no indicators. */
export function isOtherColumn(name: string): boolean {
  return namedHash(name) === "other" || OTHER_COLUMN.test(plain(name));
}

/** Reads rows by the names of their columns; undefined if none names an indicator. */
export function readerByName(names: readonly string[]): RowReader | undefined {
  const range = rangeColumns(names);
  if (range !== undefined) return range;
  const ends = trafficEnds(names);
  const readers = names.map((name) => ends.has(name) ? undefined : cellReader(name));
  if (readers.every((reader) => reader === undefined)) return undefined;
  const plainNames = names.map(plain);
  const isGeneric = plainNames.map((name) => INDICATOR_COLUMN.test(name));
  const type = plainNames.findIndex((name) => TYPE_COLUMN.test(name));
  const toIds = plainNames.indexOf("toids");
  return (cells) => {
    if (/^(?:0|false|no)$/i.test(cells[toIds] ?? "")) return [];
    return readers.flatMap((read, column) => {
      const cell = cells[column] ?? "";
      const typed = isGeneric[column] ? readerByType(cells[type] ?? "") : undefined;
      return cell === "" || read === undefined ? [] : (typed ?? read)(cell);
    });
  };
}

const SOURCE_COLUMN = /^(?:src|source)(?:ip|addr)|^ipsrc$/;
const DESTINATION_COLUMN = /^(?:dst|dest|destination)(?:ip|addr)|^ipdst$/;

/** Both ends of traffic: a table that has both does not say which of them is the attacker. */
function trafficEnds(names: readonly string[]): ReadonlySet<string> {
  const [sources, destinations] = [SOURCE_COLUMN, DESTINATION_COLUMN]
    .map((end) => names.filter((name) => end.test(plain(name))));
  const hasBoth = sources!.length > 0 && destinations!.length > 0;
  return new Set(hasBoth ? [...sources!, ...destinations!] : []);
}

/** Start and end of a network in neighbouring columns: all other columns tell about it. */
function rangeColumns(names: readonly string[]): RowReader | undefined {
  const start = names.findIndex((name, column) =>
    START_COLUMN.test(plain(name)) && END_COLUMN.test(plain(names[column + 1] ?? ""))
  );
  return start < 0 ? undefined : rangeReader(start);
}

/** Reads the networks from the address in a column to that in the next one. */
export function rangeReader(start: number): RowReader {
  return (cells) =>
    (rangeNetworks(cells[start] ?? "", cells[start + 1] ?? "") ?? [])
      .flatMap((network) => recognise(network) ?? []);
}

function cellReader(name: string): CellReader | undefined {
  const hash = namedHash(name);
  if (hash !== undefined) return hash === "other" ? undefined : hashReader(hash);
  const plainName = plain(name);
  if (INDICATOR_COLUMN.test(plainName)) return readCell;
  if (NAME_COLUMN.test(plainName) || URL_COLUMN.test(plainName)) {
    return (cell) => readCell(cell, "any");
  }
  if (MAIL_COLUMN.test(plainName)) return only("email_addr");
  return CVE_COLUMN.test(plainName) ? only("cve") : undefined;
}

function hashReader(kind: string): CellReader {
  return (cell) => cell.split(/[\s,;]+/).flatMap((word) => readNamedHash(kind, word) ?? []);
}

function only(subType: string): CellReader {
  return (cell) => readCell(cell).filter((indicator) => indicator.subType === subType);
}

/** Reads a cell by what the row says its type is; undefined if it says nothing that matters. */
function readerByType(type: string): CellReader | undefined {
  const hash = namedHash(type);
  if (hash === "other") return () => [];
  if (hash !== undefined && hash !== "any") return hashReader(hash);
  const plainType = plain(type);
  if (NAME_TYPE.test(plainType)) return (cell) => readCell(cell, "any");
  return OTHER_TYPE.test(plainType) ? () => [] : undefined;
}
