import type { Skeleton } from "../packed/skeleton.ts";
import { nextId } from "./next_id.ts";
import { findTextId, insertText } from "./shared_texts.ts";
import type { Prepare } from "./sqlite.ts";

/** Characters of a skeleton that documents may share: longer ones are hardly ever met again. */
const MAX_LENGTH = 1000;

/** Skeletons that are shared; further ones are stored with their documents. */
const MAX_TEMPLATES = 10_000;

const TEMPLATES = { table: "templates", column: "skeleton" } as const;

/** The id of a skeleton that documents share, new if necessary; undefined if it is not to be. */
export function ensureTemplate(prepare: Prepare, skeleton: string): number | undefined {
  if (skeleton.length > MAX_LENGTH) return undefined;
  const id = findTextId(prepare, TEMPLATES, skeleton);
  if (id !== undefined) return id;
  const { next } = prepare(`SELECT ${nextId("templates")} AS next`).get()!;
  return Number(next) > MAX_TEMPLATES ? undefined : insertText(prepare, TEMPLATES, skeleton);
}

export function readTemplate(prepare: Prepare, id: number): Skeleton {
  const row = prepare("SELECT skeleton FROM templates WHERE id = ?").get(id)!;
  return JSON.parse(String(row["skeleton"]));
}
