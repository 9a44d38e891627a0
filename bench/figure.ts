/** One measured figure. */
export type Figure = {
  readonly name: string;
  /** Goal as text, such as `≥ 0.85`. Null if there is no goal. */
  readonly goal: string | null;
  readonly measured: number;
  readonly unit?: string;
};

/** Median of an odd number of values. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
