const hidden = "***";

/** The text with every URL in it as {@link maskUrl} makes it. */
export function maskUrls(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, maskUrl);
}

/**
 * The URL with `***` in place of its password, of a user name that may be a token, and of options
 * that carry secrets. Rather too much is hidden than too little: of a password whose `@` or `/`
 * should have been percent-encoded nothing is left.
 */
export function maskUrl(url: string): string {
  const scheme = url.indexOf("://");
  if (scheme < 0) return url;
  const start = scheme + 3;
  const host = url.lastIndexOf("@");
  if (host < start) return maskOptions(url);
  const colon = url.indexOf(":", start);
  const user = colon >= 0 && colon < host ? url.slice(start, colon + 1) : "";
  return url.slice(0, start) + user + hidden + maskOptions(url.slice(host));
}

/** Names as in MongoDB's connection strings, such as `tlsCertificateKeyFilePassword`. */
function maskOptions(url: string): string {
  return url.replace(
    /([?&][^=&]*(?:password|passwd|secret|token|mechanismproperties)[^=&]*=)[^&#]*/gi,
    `$1${hidden}`,
  );
}
