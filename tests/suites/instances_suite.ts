import { atomicallyTests } from "./instances/atomically.ts";
import { exactnessTests } from "./instances/exactness.ts";
import type { Opened, Test } from "./instances/fixtures.ts";
import { holdersTests } from "./instances/holders.ts";
import { importsTests } from "./instances/imports.ts";
import { lookupTests } from "./instances/lookup.ts";
import { mergeTests } from "./instances/merge.ts";
import { putTests } from "./instances/put.ts";
import { putAgainTests } from "./instances/put_again.ts";
import { replaceRemoveTests } from "./instances/replace_remove.ts";
import { testOn } from "./test_on.ts";

/** Registers tests of what every `InstanceStore` must do. */
export function instancesSuite(name: string, open: () => Promise<Opened>): void {
  const test: Test = testOn(name, open);
  putTests(test);
  putAgainTests(test);
  mergeTests(test);
  exactnessTests(test);
  lookupTests(test);
  replaceRemoveTests(test);
  atomicallyTests(test);
  holdersTests(test);
  importsTests(test);
}
