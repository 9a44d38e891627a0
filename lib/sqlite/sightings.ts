import type { EventFilter } from "../graph/graph.ts";
import { type Sightings, type SightingsPart, sumSightings } from "../graph/sightings.ts";
import type { Hash } from "../tahoe/instance.ts";
import { parseJson } from "../tahoe/json.ts";
import type { OpenCollection } from "./collection.ts";
import { countColumn } from "./json_column.ts";
import { findId } from "./instance_keys.ts";
import { ITYPES } from "./itypes.ts";
import { orgidList } from "./key.ts";
import { CATEGORY, categoryName, categoryNumber, SET_BITS } from "./links.ts";

/** Conditions for links to visible holders; `:organisations` are ids, as a JSON array. */
const HOLDING = `
  itype = ${ITYPES.event} AND organisation IN (SELECT value FROM json_each(:organisations))
    AND timestamp BETWEEN :start AND :end AND sets & ${SET_BITS._ref}
    AND (:category IS NULL OR ${CATEGORY} = :category)`;

const SUMS = `organisation, ${
  countColumn(`(${CATEGORY})`)
} AS category, count(*) AS events, min(timestamp) AS first,
  max(timestamp) AS last`;

const OF_ONE = `
  SELECT ${SUMS} FROM links WHERE child = :child AND ${HOLDING} GROUP BY organisation, ${CATEGORY}`;

// An event has one link for each of the children that it holds.
const OF_SEVERAL = `
  SELECT ${SUMS} FROM (
    SELECT DISTINCT organisation, timestamp, parent, ${CATEGORY} << 4 AS sets FROM links
    WHERE child IN (SELECT value FROM json_each(:children)) AND ${HOLDING}
  ) GROUP BY organisation, ${CATEGORY}`;

/** What the visible events that hold any instance of a group come to, for each group. */
export function readSightings(
  collection: OpenCollection,
  groups: readonly (readonly Hash[])[],
  { orgids, start, end, category }: EventFilter,
): Sightings[] {
  const { prepare } = collection;
  const names = new Map(
    prepare("SELECT id, orgid FROM organisations WHERE orgid IN (SELECT value FROM json_each(?))")
      .all(orgidList(orgids))
      .map((row) => [Number(row["id"]), String(parseJson(String(row["orgid"])))]),
  );
  const parameters = {
    organisations: JSON.stringify([...names.keys()]),
    start: Math.max(start, -Number.MAX_VALUE),
    end: Math.min(end, Number.MAX_VALUE),
    category: category === "all" ? null : categoryNumber(category),
  };
  const parts = (rows: readonly unknown[]) =>
    (rows as readonly SumRow[]).map(({ organisation, category, ...sums }) => ({
      ...sums,
      category: categoryName(category),
      orgid: names.get(organisation)!,
    }));
  return groups.map((hashes) => {
    const found = [...new Set(hashes)]
      .map((hash) => ({ hash, child: findId(collection, hash) }))
      .map((one) => ({ ...one, rows: prepare(OF_ONE).all({ ...parameters, child: one.child }) }))
      .filter(({ rows }) => rows.length > 0);
    const held = found.map(({ hash }) => hash);
    const rows = held.length > 1
      ? prepare(OF_SEVERAL).all({
        ...parameters,
        children: JSON.stringify(found.map(({ child }) => child)),
      })
      : found[0]?.rows ?? [];
    return sumSightings(held, parts(rows));
  });
}

/** A row of {@link OF_ONE} and {@link OF_SEVERAL}. */
type SumRow = Omit<SightingsPart, "orgid" | "category"> & {
  readonly organisation: number;
  readonly category: number;
};
