/** Writes a number with its noun: `1 event`, `2 events`. */
export function counted(number: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${number} ${Number(number) === 1 ? noun : plural}`;
}
