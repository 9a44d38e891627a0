/** Hashes of files by the number of their hex digits. */
export const HASH_LENGTHS: ReadonlyMap<number, string> = new Map([
  [32, "md5"],
  [40, "sha1"],
  [56, "sha224"],
  [64, "sha256"],
  [96, "sha384"],
  [128, "sha512"],
]);

/**
 * Fingerprints of connections, certificates, keys, relays of Tor, icons, parts of files, versions of
 * sources: hex digits, but no file hash.
 */
const OTHER_HASHES =
  /^(?:exitnode|relay|commit|changeset|btih|pgp|gpg|etag|[ug]uid|keyid|(?:host|public|private|ssh|api|license|product|session|access)key|token|ja[34]|jarm|hassh|cyu|gimphash|telfhash|tlsh|ssdeep|sdhash|impfuzzy|pehash|rich|vhash|permhash|[adpw]hash|icon|favicon|mmh3|cdhash|exporthash|importhash|symhash|dexhash|machoc|serial|thumbprint|fingerprint|communityid|cert|x509|ssl|tls)/;

/** Names of columns and labels of file hashes whose kind only their length tells. */
const ANY_HASH =
  /^(?:(?:file|malware|sample|ioc|indicator)?hash(?:es|value|sum)?|checksum|digest)$/;

const NAMED_HASH =
  /^(?:file|sample|malware|payload|response)?(?:hash(?:es)?)?(md5|sha1|sha224|sha256|sha384|sha512|imphash|authentihash|sha3224|sha3256|sha3384|sha3512)(?:hash|sum|digest|value)?$/;

/**
 * The hash that a column or label names: a sub-type; `any` for a file hash of the kind that its
 * length tells; `other` for what is not a hash of a whole file. Undefined for other names.
 */
export function namedHash(name: string): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const [, named] = NAMED_HASH.exec(plain) ?? [];
  // `sha384` has two digits after its 3, `sha3384` has three.
  if (named !== undefined) return named.replace(/^sha3(?=[0-9]{3}$)/, "sha3_");
  if (ANY_HASH.test(plain)) return "any";
  return OTHER_HASHES.test(plain) || /.hash$/.test(plain) ? "other" : undefined;
}

const DIGITS: ReadonlyMap<string, number> = new Map([
  ...[...HASH_LENGTHS].map(([digits, subType]) => [subType, digits] as const),
  ["imphash", 32],
  ["authentihash", 64],
  ["sha3_224", 56],
  ["sha3_256", 64],
  ["sha3_384", 96],
  ["sha3_512", 128],
]);

/** Reads a hash of the kind that its name says, see {@link namedHash}; undefined if it is none. */
export function readNamedHash(
  kind: string,
  text: string,
): { readonly subType: string; readonly data: string } | undefined {
  if (!/^[0-9a-f]+$/i.test(text)) return undefined;
  const subType = kind === "any" ? HASH_LENGTHS.get(text.length) : kind;
  if (subType === undefined || DIGITS.get(subType) !== text.length) return undefined;
  return { subType, data: text.toLowerCase() };
}

/** A hash as the name of a file: `44d88612fea8a8f36de82e1278abb02f.exe`; undefined for other texts. */
export function fileNameHash(
  text: string,
): { readonly subType: string; readonly data: string } | undefined {
  const [, digits] = /^([0-9a-f]{32,128})(?:\.[a-z0-9]{1,8}){1,2}$/i.exec(text) ?? [];
  return digits === undefined ? undefined : readNamedHash("any", digits);
}
