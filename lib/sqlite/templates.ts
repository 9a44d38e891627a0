import type { Skeleton } from "../packed/skeleton.ts";
import type { Prepare } from "./sqlite.ts";

/** Characters of a skeleton that documents may share: longer ones are hardly ever met again. */
const MAX_LENGTH = 1000;

/** Skeletons that are shared; further ones are stored with their documents. */
const MAX_TEMPLATES = 10_000;

/** The id of a skeleton that documents share, new if necessary; undefined if it is not to be. */
export function ensureTemplate(prepare: Prepare, skeleton: string): number | undefined {
  if (skeleton.length > MAX_LENGTH) return undefined;
  const row = prepare("SELECT id FROM templates WHERE skeleton = ?").get(skeleton);
  if (row !== undefined) return Number(row["id"]);
  const { last } = prepare("SELECT max(id) AS last FROM templates").get()!;
  if (Number(last) >= MAX_TEMPLATES) return undefined;
  const { lastInsertRowid } = prepare("INSERT INTO templates (skeleton) VALUES (?)").run(skeleton);
  return Number(lastInsertRowid);
}

export function readTemplate(prepare: Prepare, id: number): Skeleton {
  const row = prepare("SELECT skeleton FROM templates WHERE id = ?").get(id)!;
  return JSON.parse(String(row["skeleton"]));
}
