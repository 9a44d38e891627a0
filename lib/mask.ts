const HIDDEN = "***";

/** Masks every URL in a text: see {@link maskUrl}. */
export function maskUrls(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, maskUrl);
}

/**
 * Replaces the password of a URL with `***`, also a user name that may be a token, and options that
 * carry secrets. When in doubt it hides too much: nothing is left of a password whose `@` or `/`
 * should have been percent-encoded.
 */
export function maskUrl(url: string): string {
  const scheme = url.indexOf("://");
  if (scheme < 0) return url;
  const start = scheme + 3;
  const host = url.lastIndexOf("@");
  if (host < start) return maskOptions(url);
  const colon = url.indexOf(":", start);
  const user = colon >= 0 && colon < host ? url.slice(start, colon + 1) : "";
  return url.slice(0, start) + user + HIDDEN + maskOptions(url.slice(host));
}

/** Masks options such as `tlsCertificateKeyFilePassword` in MongoDB's connection strings. */
function maskOptions(url: string): string {
  return url.replace(
    /([?&][^=&]*(?:password|passwd|secret|token|mechanismproperties)[^=&]*=)[^&#]*/gi,
    `$1${HIDDEN}`,
  );
}
