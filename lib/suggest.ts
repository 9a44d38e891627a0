/** The name that somebody may have meant by one that is not known; undefined if none is near. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const plain = plainly(name);
  return names.find((one) => plainly(one) === plain) ??
    names.find((one) => isOneSlipApart(plain, plainly(one))) ??
    onlyOne(names.filter((one) => plain.length > 2 && plainly(one).startsWith(plain)));
}

function plainly(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function onlyOne(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

/** Tells whether a letter is missing, too many, wrong, or two neighbours are exchanged. */
export function isOneSlipApart(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (Math.max(restA.length, restB.length) <= 1) return true;
  return restA.length === 2 && restA === [...restB].toReversed().join("");
}
