/** The time now, in seconds since 1970, UTC: the unit in which TAHOE counts. */
export function nowSeconds(): number {
  return Date.now() / 1000;
}
