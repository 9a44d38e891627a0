/** Writes a number with its noun: `1 event`, `2 events`. The plural is formed with an s. */
export function counted(number: number | bigint, noun: string): string {
  return `${number} ${noun}${Number(number) === 1 ? "" : "s"}`;
}
