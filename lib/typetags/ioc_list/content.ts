import type { Certainty } from "../../indicators/domain.ts";
import { rangeNetworks } from "../../indicators/range.ts";
import { plainName, SOURCE_COLUMN } from "./column_names.ts";
import { isOtherColumn, rangeReader, type TableReader } from "./columns.ts";
import { isReferenceLine } from "./labels.ts";
import { indicatorsOf, readCell, scan } from "./scan.ts";

/** What tables write into a cell without a value. */
const NO_VALUE = /^(?:|-|n\/a|null|none)$/i;

/** Where queries for blocked names are sent. */
const SINK = /^(?:0\.0\.0\.0|127\.[0-9.]+|::1?)$/;

/**
 * Reads the first column that holds nothing but indicators, or networks from one to the next. It
 * names the other columns of that kind.
 */
export function readerByContent(
  rows: readonly (readonly string[])[],
  header: readonly string[] | undefined,
): TableReader {
  const [first = []] = rows;
  const isHeader = first.length > 1 &&
    first.every((cell) => indicatorsOf(scan(cell).words).length === 0);
  const names = header ?? (isHeader ? first : []);
  const body = isHeader ? rows.slice(1) : rows;
  const columns = [...first.keys()].filter((column) => !isOtherColumn(names[column] ?? ""));
  for (const certainty of [false, "any"] as const) {
    for (const share of [1, 0.9]) {
      const column = columns.find((column) =>
        isIndicatorColumn(body, { column, certainty, share })
      );
      if (column === undefined) continue;
      if (isRange(body, column)) return { read: rangeReader(column), unread: [] };
      const unread = columns.filter((other) =>
        other > column && isIndicatorColumn(body, { column: other, certainty: false, share: 1 })
      ).map((other) => `column ${names[other] || other + 1}: behind the first of indicators`);
      return {
        read: (cells) => ({ indicators: readCell(cells[column] ?? "", certainty) }),
        unread,
      };
    }
  }
  const source = [...first.keys()].find((column) =>
    SOURCE_COLUMN.test(plainName(names[column] ?? "")) && holdsAddresses(body, column)
  );
  if (source === undefined) return { read: () => ({ indicators: [] }), unread: [] };
  return { read: (cells) => ({ indicators: readCell(cells[source] ?? "") }), unread: [] };
}

/** True if a column holds nothing but addresses and networks: names and URLs would be references. */
function holdsAddresses(rows: readonly (readonly string[])[], column: number): boolean {
  const cells = rows.map((cells) => cells[column] ?? "").filter((cell) => !NO_VALUE.test(cell));
  return cells.length > 0 && cells.every((cell) => {
    const found = readCell(cell);
    return found.length > 0 && found.every(({ subType }) => subType.startsWith("ipv"));
  });
}

type ColumnTest = {
  readonly column: number;
  readonly certainty: Certainty;
  /** Part of the filled cells that must hold indicators. */
  readonly share: number;
};

/** True if half of the cells in a column are filled, and of these a share holds indicators only. */
function isIndicatorColumn(
  rows: readonly (readonly string[])[],
  { column, certainty, share }: ColumnTest,
): boolean {
  const cells = rows.map((cells) => cells[column] ?? "").filter((cell) => !NO_VALUE.test(cell));
  const found =
    cells.filter((cell) => !isReferenceLine(cell) && readCell(cell, certainty).length > 0).length;
  if (cells.every((cell) => SINK.test(cell))) return false;
  return cells.length > 0 && cells.length * 2 >= rows.length && found >= cells.length * share;
}

/** True if each row has the first and last address of one network in two neighbouring columns. */
function isRange(rows: readonly (readonly string[])[], column: number): boolean {
  return rows.every((cells) => {
    const [first = "", last = ""] = cells.slice(column, column + 2);
    return first !== last && rangeNetworks(first, last)?.length === 1;
  });
}
