/**
 * Adjacency lists in compressed sparse rows: the neighbours of node i are `indices` from
 * `offsets[i]` up to, but not including, `offsets[i + 1]`.
 */
export type Csr = { readonly offsets: Uint32Array; readonly indices: Uint32Array };

/** Reverses every edge: row j of the `count` rows holds each i whose row holds j, in ascending order. */
export function transpose({ offsets, indices }: Csr, count: number): Csr {
  const first = offsets[0]!;
  const others = new Uint32Array(count + 1);
  for (let k = first; k < indices.length; k++) others[indices[k]! + 1]!++;
  for (let j = 0; j < count; j++) others[j + 1]! += others[j]!;
  const next = others.slice();
  const turned = new Uint32Array(indices.length - first);
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) turned[next[indices[k]!]!++] = i;
  }
  return { offsets: others, indices: turned };
}
