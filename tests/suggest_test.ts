import { equal } from "./assert.ts";
import { suggest } from "../lib/suggest.ts";

const KNOWN = [
  "cowrie",
  "ioc_list",
  "misp",
  "openphish_feed",
  "phishtank_feed",
  "sighting",
  "stix",
];

const CASES: readonly (readonly [name: string, suggestion: string | undefined])[] = [
  ["cowire", "cowrie"],
  ["cowri", "cowrie"],
  ["cowriee", "cowrie"],
  ["Cowrie", "cowrie"],
  ["ioc-list", "ioc_list"],
  ["IOCList", "ioc_list"],
  ["openphish", "openphish_feed"],
  ["sti", "stix"],
  ["s", undefined],
  ["feed", undefined],
  ["own_feed", undefined],
  ["", undefined],
];

for (const [name, suggestion] of CASES) {
  Deno.test(`suggest finds ${suggestion ?? "nothing"} for ${JSON.stringify(name)}`, () => {
    equal(suggest(name, KNOWN), suggestion);
  });
}
