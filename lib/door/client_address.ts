/**
 * The address of the client that sent a request through a reverse proxy: the last one in the header
 * X-Forwarded-For, which the proxy itself has added. All before it can be anybody's words.
 */
export function forwardedAddress(headers: Headers, proxy: string): string {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return /^[0-9a-fA-F:.]{2,45}$/.test(last) ? last : proxy;
}
