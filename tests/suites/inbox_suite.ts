import { asking } from "./inbox/asking.ts";
import { claiming } from "./inbox/claiming.ts";
import { finishing } from "./inbox/finishing.ts";
import type { Opened, Test } from "./inbox/fixtures.ts";
import { leasing } from "./inbox/leasing.ts";
import { looking } from "./inbox/looking.ts";
import { waiting } from "./inbox/waiting.ts";
import { testOn } from "./test_on.ts";

/** What every `Inbox` must do, registered as tests. */
export function inboxSuite(name: string, open: () => Promise<Opened>): void {
  const test: Test = testOn(name, open);
  asking(test);
  claiming(test);
  leasing(test);
  finishing(test);
  looking(test);
  waiting(test);
}
