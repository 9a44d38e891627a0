/** Lists of indices: the i-th is `items` from `starts[i]` to before `starts[i + 1]`. */
export type Lists = { readonly starts: Uint32Array; readonly items: Uint32Array };

/** The same pairs seen from the other side: list j, of `count`, has every i whose list has j. */
export function transposed({ starts, items }: Lists, count: number): Lists {
  const first = starts[0]!;
  const others = new Uint32Array(count + 1);
  for (let k = first; k < items.length; k++) others[items[k]! + 1]!++;
  for (let j = 0; j < count; j++) others[j + 1]! += others[j]!;
  const next = others.slice();
  const turned = new Uint32Array(items.length - first);
  for (let i = 0; i < starts.length - 1; i++) {
    for (let k = starts[i]!; k < starts[i + 1]!; k++) turned[next[items[k]!]!++] = i;
  }
  return { starts: others, items: turned };
}
