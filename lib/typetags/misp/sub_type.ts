/** In UTF-16 code units. No name in MISP's own vocabularies is half as long. */
const MAX_LENGTH = 100;

/** Objects of these sub-types are users, organisations and queries, which are hashed differently. */
const RESERVED: readonly string[] = ["cybexp_user", "cybexp_superuser", "cybexp_org", "query"];

/** Turns a MISP name into a sub-type: `x509-fingerprint-sha1` → `x509_fingerprint_sha1`. */
export function subTypeFor(name: string): string {
  const word = name.slice(0, MAX_LENGTH).toLowerCase().replace(/[^\p{XID_Continue}]/gu, "_");
  if (RESERVED.includes(word)) return `misp_${word}`;
  return /^[\p{XID_Start}_]/u.test(word) ? word : `_${word}`;
}
