import { claimTests } from "./lake/claim.ts";
import { discardTests } from "./lake/discard.ts";
import type { Opened, Test } from "./lake/fixtures.ts";
import { leaseTests } from "./lake/lease.ts";
import { listTests } from "./lake/list.ts";
import { readTests } from "./lake/read.ts";
import { settleTests } from "./lake/settle.ts";
import { waitTests } from "./lake/wait.ts";
import { testOn } from "./test_on.ts";

/** Registers tests of what every `CacheLake` must do. */
export function lakeSuite(name: string, open: () => Promise<Opened>): void {
  const test: Test = testOn(name, open);
  claimTests(test);
  leaseTests(test);
  readTests(test);
  settleTests(test);
  listTests(test);
  discardTests(test);
  waitTests(test);
}
