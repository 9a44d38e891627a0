const UNITS: readonly [seconds: number, name: string][] = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/**
 * Formats seconds since 1970 as `2024-05-01T12:00:00Z`. A number that cannot be a date is written
 * as it is; null becomes `-`. Events that others stored may have whole numbers.
 */
export function formatTime(seconds: number | bigint | null): string {
  if (seconds === null) return "-";
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Formats seconds as `3 min`, in the largest unit that fits at least once. */
export function formatSpan(seconds: number): string {
  const [length, name] = UNITS.find(([length]) => seconds >= length) ?? [1, "s"];
  return `${Math.max(0, Math.floor(seconds / length))} ${name}`;
}
