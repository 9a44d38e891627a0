import { deepEqual, equal } from "../assert.ts";
import { namedHash, readNamedHash } from "../../lib/indicators/hash_name.ts";

for (
  const [name, kind] of [
    ["md5", "md5"],
    ["MD5 hash", "md5"],
    ["sha256_hash", "sha256"],
    ["SHA-1", "sha1"],
    ["FileHash-SHA256", "sha256"],
    ["sha3_384_hash", "sha3_384"],
    ["response_sha256", "sha256"],
    ["imphash", "imphash"],
    ["authentihash", "authentihash"],
    ["hash", "any"],
    ["file_hash", "any"],
    ["ja3_md5", "other"],
    ["JARM", "other"],
    ["gimphash", "other"],
    ["telfhash", "other"],
    ["tlsh", "other"],
    ["ssdeep", "other"],
    ["icon_dhash", "other"],
    ["somehash", "other"],
    ["value", undefined],
    ["domain", undefined],
  ] as const
) {
  Deno.test(`namedHash takes ${name} for ${kind}`, () => equal(namedHash(name), kind));
}

Deno.test("readNamedHash reads a hash only as what its name says", () => {
  const md5 = "AB".repeat(16);
  deepEqual(readNamedHash("imphash", md5), { subType: "imphash", data: md5.toLowerCase() });
  deepEqual(readNamedHash("any", md5), { subType: "md5", data: md5.toLowerCase() });
  for (const kind of ["sha256", "other"]) equal(readNamedHash(kind, md5), undefined);
  equal(readNamedHash("md5", "n/a"), undefined);
});
