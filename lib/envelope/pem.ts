/** One block of PEM text (RFC 7468). */
export type Pem = {
  /** The words after BEGIN, such as `RSA PRIVATE KEY`. */
  readonly label: string;
  readonly content: Uint8Array<ArrayBuffer>;
};

/**
 * Decodes the first block of a PEM text; returns undefined if there is none. Its content is
 * "encrypted" if header lines say so (RFC 1421), as in PKCS#1 files with a passphrase.
 *
 * @throws {SyntaxError} when the content is not Base64.
 */
export function decodePem(
  text: string,
): Pem | { readonly label: string; readonly content: "encrypted" } | undefined {
  const [, label, body] = /-----BEGIN ([A-Z0-9 ]+)-----([^]*?)-----END \1-----/.exec(text) ?? [];
  if (label === undefined || body === undefined) return undefined;
  if (/^Proc-Type:.*ENCRYPTED/m.test(body)) return { label, content: "encrypted" };
  try {
    return { label, content: Uint8Array.from(atob(body), (char) => char.charCodeAt(0)) };
  } catch {
    throw new SyntaxError(`Cannot decode PEM text: ${label} is not Base64`);
  }
}

/** Encodes a block of PEM text, in lines of 64 characters. */
export function encodePem({ label, content }: Pem): string {
  const lines = btoa(String.fromCharCode(...content)).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
