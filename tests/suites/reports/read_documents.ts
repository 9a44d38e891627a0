import { parseJson } from "../../../lib/tahoe/json.ts";
import type { Fields } from "../../../lib/tahoe/value.ts";
import { readVectors } from "../../vectors.ts";

/** Reads documents that MongoDB exported, without the `_id` that it added. */
export async function readDocuments(name: string): Promise<Fields[]> {
  const lines = (await readVectors(name)).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { _id, ...fields } = parseJson(line) as Fields;
    return fields;
  });
}
