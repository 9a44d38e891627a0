/** No name in MISP's own vocabularies is half as long. */
const LONGEST = 100;

/** Objects of these sub-types are users, organisations and queries: their hashes are made otherwise. */
const RESERVED: readonly string[] = ["cybexp_user", "cybexp_superuser", "cybexp_org", "query"];

/** A MISP name as a sub-type: `x509-fingerprint-sha1` → `x509_fingerprint_sha1`. */
export function identifier(name: string): string {
  const word = name.slice(0, LONGEST).toLowerCase().replace(/[^\p{XID_Continue}]/gu, "_");
  if (RESERVED.includes(word)) return `misp_${word}`;
  return /^[\p{XID_Start}_]/u.test(word) ? word : `_${word}`;
}
