import { equal } from "../assert.ts";
import { suggestSubType } from "../../lib/indicators/suggest_sub_type.ts";

const CASES: readonly (readonly [string, string | undefined])[] = [
  ["ipv4", undefined],
  ["username", undefined],
  ["my_own_field", undefined],
  ["constructor", undefined],
  ["IPV4", "ipv4"],
  ["SHA256", "sha256"],
  ["email", "email_addr"],
  ["hash", "sha256, sha1 or md5"],
  ["usernme", "username"],
  ["usernname", "username"],
  ["usermame", "username"],
  ["domian", "domain"],
  ["ipv5", "ipv4"],
  ["", undefined],
];

for (const [subType, suggestion] of CASES) {
  Deno.test(`suggestSubType suggests ${suggestion ?? "nothing"} for ${JSON.stringify(subType)}`, () => {
    equal(suggestSubType(subType), suggestion);
  });
}
