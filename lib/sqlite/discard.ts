import type { EntryFilter, FinalState, FinishedEntries } from "../lake/lake.ts";
import type { OpenCollection } from "./collection.ts";
import { filterParameters, FINAL_STATE, IS_SELECTED } from "./entries.ts";
import { countColumn } from "./json_column.ts";

/** Deletes finished entries and their files: see CacheLake.discard. */
export function discardEntries({ prepare, id }: OpenCollection, ids: readonly string[]): number {
  const doomed = filterParameters(id, { ids });
  prepare(
    `DELETE FROM files WHERE entry IN
       (SELECT id FROM entries WHERE state IS NOT NULL AND ${IS_SELECTED})`,
  ).run(doomed);
  const { changes } = prepare(`DELETE FROM entries WHERE state IS NOT NULL AND ${IS_SELECTED}`)
    .run(doomed);
  return Number(changes);
}

/** Counts finished entries and their bytes: see CacheLake.countFinished. */
export function countFinished(
  { prepare, id }: OpenCollection,
  filter: EntryFilter,
): FinishedEntries {
  const rows = prepare(
    `SELECT ${FINAL_STATE} AS final_state, count(*) AS entries,
       total(${countColumn("size")}) AS bytes
     FROM entries WHERE state IS NOT NULL AND ${IS_SELECTED} GROUP BY 1`,
  ).all(filterParameters(id, filter));
  const of = (state: FinalState) => {
    const row = rows.find((row) => row["final_state"] === state);
    return { entries: Number(row?.["entries"] ?? 0), bytes: Number(row?.["bytes"] ?? 0) };
  };
  return { SUCCESS: of("SUCCESS"), NOT_SUPPORTED: of("NOT_SUPPORTED"), ERROR: of("ERROR") };
}
