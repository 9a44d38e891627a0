import type { Budget } from "../budget.ts";

/**
 * Adjacency lists in compressed sparse rows: the neighbours of node i are `indices` from
 * `offsets[i]` up to, but not including, `offsets[i + 1]`.
 */
export type Csr = { readonly offsets: Uint32Array; readonly indices: Uint32Array };

/** Reverses every edge: row j of the `count` rows lists each i whose row lists j, in ascending order. */
export async function transpose(
  { offsets, indices }: Csr,
  count: number,
  budget: Budget,
): Promise<Csr> {
  const first = offsets[0]!;
  const reversedOffsets = new Uint32Array(count + 1);
  for (let k = first; k < indices.length; k++) {
    reversedOffsets[indices[k]! + 1]!++;
    if (budget.isDue(1)) await budget.yieldIfDue();
  }
  for (let j = 0; j < count; j++) reversedOffsets[j + 1]! += reversedOffsets[j]!;
  const next = reversedOffsets.slice();
  const reversed = new Uint32Array(indices.length - first);
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) reversed[next[indices[k]!]!++] = i;
    if (budget.isDue(offsets[i + 1]! - offsets[i]!)) await budget.yieldIfDue();
  }
  return { offsets: reversedOffsets, indices: reversed };
}
