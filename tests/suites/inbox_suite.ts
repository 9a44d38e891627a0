import { askTests } from "./inbox/ask.ts";
import { claimTests } from "./inbox/claim.ts";
import { finishTests } from "./inbox/finish.ts";
import type { Opened, Test } from "./inbox/fixtures.ts";
import { leaseTests } from "./inbox/lease.ts";
import { statusTests } from "./inbox/status.ts";
import { waitTests } from "./inbox/wait.ts";
import { testOn } from "./test_on.ts";

/** Registers tests of what every `Inbox` must do. */
export function inboxSuite(name: string, open: () => Promise<Opened>): void {
  const test: Test = testOn(name, open);
  askTests(test);
  claimTests(test);
  leaseTests(test);
  finishTests(test);
  statusTests(test);
  waitTests(test);
}
