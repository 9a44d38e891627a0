import { counted } from "../counted.ts";
import { table } from "./table.ts";

/** Workers that are shown: names of workers are text in the database, which others may fill. */
const SHOWN = 10;

/** Lines with the workers that hold most, and the number of all others; none if there are none. */
export function leaseLines(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  workers: number,
): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, SHOWN);
  const others = workers - shown.length;
  return [
    "",
    table(head, shown),
    ...(others > 0 ? [`and ${counted(others, "more worker")}`] : []),
  ];
}
