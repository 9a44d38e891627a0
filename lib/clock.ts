/** The current time in seconds since 1970, UTC: the unit of every time in TAHOE. */
export function nowSeconds(): number {
  return Date.now() / 1000;
}
