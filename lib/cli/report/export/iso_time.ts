/** Milliseconds since 1970 of the first and the last moment that RFC 3339 can write. */
const FIRST = Date.parse("0001-01-01T00:00:00.000Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Seconds since 1970 as `2024-05-01T12:00:00.250Z` (RFC 3339). Times beyond its years become the
 * first or last moment of these; what is no number becomes 1970.
 */
export function isoTime(seconds: number): string {
  const milliseconds = Math.round((seconds || 0) * 1000);
  return new Date(Math.min(Math.max(milliseconds, FIRST), LAST)).toISOString();
}
