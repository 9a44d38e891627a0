/** One measured figure. */
export type Figure = {
  readonly name: string;
  /** What we aim at, in words: `≥ 0.85`. Null if the figure stands for itself. */
  readonly goal: string | null;
  readonly measured: number;
  readonly unit?: string;
};

/** The middle one of an odd number of figures. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
