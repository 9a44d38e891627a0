import type { EntryFilter, FinalState, FinishedEntries } from "../lake/lake.ts";
import type { OpenCollection } from "./collection.ts";
import { filterParameters, IS_SELECTED } from "./entries.ts";

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
    `SELECT state, count(*) AS entries, sum(size) AS bytes FROM entries
     WHERE state IS NOT NULL AND ${IS_SELECTED} GROUP BY state`,
  ).all(filterParameters(id, filter));
  const of = (state: FinalState) => {
    const row = rows.find((row) => row["state"] === state);
    return { entries: Number(row?.["entries"] ?? 0), bytes: Number(row?.["bytes"] ?? 0) };
  };
  return { SUCCESS: of("SUCCESS"), NOT_SUPPORTED: of("NOT_SUPPORTED"), ERROR: of("ERROR") };
}
