import { readIpAddress } from "../../indicators/ip_address.ts";
import { namedHash, readNamedHash } from "../../indicators/hash_name.ts";
import { rangeNetworks } from "../../indicators/range.ts";
import { type Indicator, recognise } from "../../indicators/recognise.ts";
import { refang } from "../../indicators/refang.ts";
import {
  CVE_COLUMN,
  END_COLUMN,
  INDICATOR_COLUMN,
  MAIL_COLUMN,
  NAME_COLUMN,
  NAME_TYPE,
  NETWORK_COLUMN,
  OTHER_COLUMN,
  OTHER_TYPE,
  plainName,
  PREFIX_COLUMN,
  START_COLUMN,
  TYPE_COLUMN,
  URL_COLUMN,
} from "./column_names.ts";
import { readComposite } from "./composite.ts";
import { harmlessRowTest } from "./harmless_rows.ts";
import type { LineReading } from "./reading.ts";
import { readCell } from "./scan.ts";
import { AS_COLUMN, unreadColumns } from "./unread_columns.ts";

/** Reads a row of a table. */
export type RowReader = (cells: readonly string[]) => LineReading;

/** Reads the rows of a table. */
export type TableReader = {
  readonly read: RowReader;
  /** Columns of addresses or names that are not indicators, and why. */
  readonly unread: readonly string[];
};

/** Reads the indicators in a cell; none if it also contains other words. */
type CellReader = (cell: string) => readonly Indicator[];

/** True if a column of this name holds no indicators. */
export function isOtherColumn(name: string): boolean {
  return namedHash(name) === "other" || OTHER_COLUMN.test(plainName(name));
}

/** True if a column of this name holds hashes of files. */
export function isHashColumn(name: string): boolean {
  const hash = namedHash(name);
  return hash !== undefined && hash !== "other";
}

/** Names of single columns that hold no indicators. */
const UNREAD_COLUMN =
  /^(?:targets?|brands?|victims?|references?|refs?|sources?|links?|reporters?|contacts?|authors?|abuse)$/;

/** Reads no rows of a single column of this name; undefined for other names. */
export function unreadColumn(name: string): TableReader | undefined {
  const isHash = namedHash(name) === "other";
  if (!isHash && !AS_COLUMN.test(plainName(name)) && !UNREAD_COLUMN.test(plainName(name))) {
    return undefined;
  }
  const why = isHash ? "no hash of a whole file" : "not to be looked for";
  return { read: () => ({ indicators: [] }), unread: [`column ${name}: ${why}`] };
}

/** Reads rows by the names of their columns; undefined if none names an indicator. */
export function readerByName(header: readonly string[]): TableReader | undefined {
  // `{"dataType": "domain", "data": "example.com"}` of TheHive and Cortex.
  const isTyped = header.some((name) => plainName(name) === "datatype");
  const names = isTyped ? header.map((name) => name === "data" ? "value" : name) : header;
  const range = rangeColumns(names);
  if (range !== undefined) return { read: range, unread: [] };
  const unread = unreadColumns(names);
  const readers = names.map((name) => unread.has(name) ? undefined : cellReader(name));
  const hasReaders = readers.some((reader) => reader !== undefined);
  if (!hasReaders && unread.size === 0) return undefined;
  const read = rowReader(names, readers);
  return { read, unread: [...unread].map(([name, why]) => `column ${name}: ${why}`) };
}

function rowReader(
  names: readonly string[],
  readers: readonly (CellReader | undefined)[],
): RowReader {
  const plainNames = names.map(plainName);
  const isGeneric = plainNames.map((name) => INDICATOR_COLUMN.test(name));
  const isHash = names.map((name) => namedHash(name) === "any");
  const type = plainNames.findIndex((name) => TYPE_COLUMN.test(name));
  const isBeforePrefix = plainNames.map((name, column) =>
    NETWORK_COLUMN.test(name) && PREFIX_COLUMN.test(plainNames[column + 1] ?? "")
  );
  const isHarmless = harmlessRowTest(names);
  return (cells) => {
    if (isHarmless(cells)) return { indicators: [], skip: "row that is not for detection" };
    const indicators = readers.flatMap((read, column) => {
      const cell = isBeforePrefix[column]
        ? withPrefix(cells[column] ?? "", cells[column + 1] ?? "")
        : cells[column] ?? "";
      const typed = isGeneric[column]
        ? readerByType(cells[type] ?? "")
        : isHash[column]
        ? readerByHashType(cells[type] ?? "")
        : undefined;
      return cell === "" || read === undefined ? [] : (typed ?? read)(cell);
    });
    return { indicators: withoutTheirNetworks(indicators) };
  };
}

/** A network in two cells: `192.0.2.0` and `24`, `/24` or `255.255.255.0`. */
function withPrefix(address: string, prefix: string): string {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(prefix)) return `${address} ${prefix}`;
  return /^\/?\d{1,3}$/.test(prefix) ? `${address}/${prefix.replace("/", "")}` : address;
}

/** A network that stands beside an address in it tells about that address, and is not listed itself. */
function withoutTheirNetworks(indicators: readonly Indicator[]): readonly Indicator[] {
  return indicators.filter(({ subType, data }) =>
    !subType.endsWith("_net") || !indicators.some((other) => {
      const length = data.slice(data.indexOf("/"));
      return /^ipv[46]$/.test(other.subType) &&
        readIpAddress(`${other.data}${length}`)?.data === data;
    })
  );
}

/** Start and end of a network in neighbouring columns: all other columns tell about it. */
function rangeColumns(names: readonly string[]): RowReader | undefined {
  const start = names.findIndex((name, column) =>
    START_COLUMN.test(plainName(name)) && END_COLUMN.test(plainName(names[column + 1] ?? ""))
  );
  return start < 0 ? undefined : rangeReader(start);
}

/** Reads the networks from the address in a column to that in the next one. */
export function rangeReader(start: number): RowReader {
  return (cells) => ({
    indicators: (rangeNetworks(cells[start] ?? "", cells[start + 1] ?? "") ?? [])
      .flatMap((network) => recognise(network) ?? []),
  });
}

function cellReader(name: string): CellReader | undefined {
  const hash = namedHash(name);
  if (hash !== undefined) return hash === "other" ? undefined : hashReader(hash);
  const plain = plainName(name);
  if (INDICATOR_COLUMN.test(plain)) return (cell) => readComposite(cell) ?? readCell(cell);
  if (NAME_COLUMN.test(plain)) return (cell) => readComposite(cell) ?? readCell(cell, "any");
  if (URL_COLUMN.test(plain)) return readUrlCell;
  if (MAIL_COLUMN.test(plain)) return only("email_addr");
  return CVE_COLUMN.test(plain) ? only("cve") : undefined;
}

/** URLs in a column of such, where one may also contain blanks and quotes: `http://example.com/a b.exe`. */
function readUrlCell(cell: string): readonly Indicator[] {
  const found = readCell(cell, "any");
  const text = refang(cell.trim());
  const isOne = text.lastIndexOf("://") === text.indexOf("://");
  const isWhole = isOne && /^[a-z][a-z0-9+.-]*:\/\/\S+(?:\s\S*)*[./=%"]\S*$/i.test(text);
  const whole = isWhole && /[\s"<>]/.test(text) ? recognise(text, "any") : undefined;
  return whole === undefined ? found : [whole];
}

function hashReader(kind: string): CellReader {
  return (cell) => cell.split(/[\s,;]+/).flatMap((word) => readNamedHash(kind, word) ?? []);
}

function only(subType: string): CellReader {
  return (cell) => readCell(cell).filter((indicator) => indicator.subType === subType);
}

/** Reads a hash by what the row says its kind is; undefined if it does not say it. */
function readerByHashType(type: string): CellReader | undefined {
  const hash = namedHash(type);
  if (hash === undefined || hash === "any") return undefined;
  return hash === "other" ? () => [] : hashReader(hash);
}

/** Reads a cell by what the row says its type is; undefined if it says nothing that matters. */
function readerByType(text: string): CellReader | undefined {
  const type = text.replace(/^intel::/i, "");
  if (type.includes("|") || /^malware-sample$/i.test(type)) {
    return (cell) => readComposite(cell, type) ?? readCell(cell, "any");
  }
  const hash = namedHash(type);
  if (hash === "other") return () => [];
  if (hash !== undefined) return hash === "any" ? undefined : hashReader(hash);
  const plainType = plainName(type);
  if (NAME_TYPE.test(plainType)) return (cell) => readComposite(cell) ?? readCell(cell, "any");
  return OTHER_TYPE.test(plainType) ? () => [] : undefined;
}
