/** First and last moment that RFC 3339 can write, in milliseconds since 1970. */
const FIRST = Date.parse("0001-01-01T00:00:00.000Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Formats seconds since 1970 as `2024-05-01T12:00:00.250Z` (RFC 3339): the last microsecond of a day
 * stays in it. Times outside its years become the first or last moment in them; NaN becomes 1970.
 * Events that others stored may have whole numbers.
 */
export function isoTime(seconds: number | bigint): string {
  const milliseconds = Math.floor(Math.round((Number(seconds) || 0) * 1e6) / 1000);
  return new Date(Math.min(Math.max(milliseconds, FIRST), LAST)).toISOString();
}
