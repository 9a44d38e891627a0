import { submitAndClaim } from "./lake/claiming.ts";
import type { Opened, Test } from "./lake/fixtures.ts";
import { leases } from "./lake/leasing.ts";
import { looking } from "./lake/looking.ts";
import { reading } from "./lake/reading.ts";
import { settling } from "./lake/settling.ts";
import { waiting } from "./lake/waiting.ts";
import { testOn } from "./test_on.ts";

/** What every `CacheLake` must do, registered as tests. */
export function lakeSuite(name: string, open: () => Promise<Opened>): void {
  const test: Test = testOn(name, open);
  submitAndClaim(test);
  leases(test);
  reading(test);
  settling(test);
  looking(test);
  waiting(test);
}
