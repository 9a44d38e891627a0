import type { NumberOf } from "../graph/edge_follower.ts";
import { NumbersById } from "./numbers_by_id.ts";
import type { Prepare } from "./sqlite.ts";

const HASH_BYTES = 32;

// An attribute that was removed has its row as long as something refers to it.
const REFERENCES = `
  SELECT json_group_array(instances.id) AS ids, json_group_array(octet_length(hash)) AS sizes,
    unhex(group_concat(hex(hash), '')) AS hashes
  FROM json_each(?) CROSS JOIN instances ON instances.id = value`;

/** The numbers of references, each of which is asked for only once. */
export class ReferenceNumbers {
  readonly #numberOf: NumberOf;
  readonly #known = new NumbersById();

  constructor(numberOf: NumberOf) {
    this.#numberOf = numberOf;
  }

  /**
   * Puts the numbers of references in place of their ids. Returns false, and changes nothing, if one
   * of them is not in the file, or its key is not that of a hash.
   */
  replaceIds(prepare: Prepare, lists: readonly number[][]): boolean {
    const known = this.#known;
    const missing = new Set<number>();
    for (const ids of lists) {
      for (const id of ids) if (!known.has(id)) missing.add(id);
    }
    if (missing.size > 0 && !this.#load(prepare, missing)) return false;
    for (const ids of lists) {
      for (let i = 0; i < ids.length; i++) ids[i] = known.get(ids[i]!);
    }
    return true;
  }

  /** Forgets all numbers. */
  clear(): void {
    this.#known.clear();
  }

  #load(prepare: Prepare, missing: ReadonlySet<number>): boolean {
    const row = prepare(REFERENCES).get(JSON.stringify([...missing]))!;
    const ids = JSON.parse(String(row["ids"])) as number[];
    const sizes = JSON.parse(String(row["sizes"])) as number[];
    if (ids.length < missing.size || sizes.some((size) => size !== HASH_BYTES)) return false;
    const hashes = row["hashes"] as Uint8Array;
    for (const [i, id] of ids.entries()) {
      this.#known.set(id, this.#numberOf(hashes.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1))));
    }
    return true;
  }
}
