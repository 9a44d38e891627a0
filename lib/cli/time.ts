const units: readonly [seconds: number, name: string][] = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** Seconds since 1970 as `2024-05-01T12:00:00Z`. What is no date is written as the number. */
export function formatTime(seconds: number | null): string {
  if (seconds === null) return "-";
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Seconds as `3 min`, in the largest unit of which there is a whole one. */
export function formatSpan(seconds: number): string {
  const [length, name] = units.find(([length]) => seconds >= length) ?? [1, "s"];
  return `${Math.max(0, Math.floor(seconds / length))} ${name}`;
}
