import { submitAndClaim } from "./lake/claiming.ts";
import type { Opened, Test } from "./lake/fixtures.ts";
import { leases } from "./lake/leasing.ts";
import { looking } from "./lake/looking.ts";
import { reading } from "./lake/reading.ts";
import { settling } from "./lake/settling.ts";
import { waiting } from "./lake/waiting.ts";

/** What every `CacheLake` must do, registered as tests. */
export function lakeSuite(name: string, open: () => Promise<Opened>): void {
  const test: Test = (behaviour, body) => {
    Deno.test(`${name}: ${behaviour}`, async () => {
      const opened = await open();
      try {
        await body(opened);
      } finally {
        await opened.close();
      }
    });
  };
  submitAndClaim(test);
  leases(test);
  reading(test);
  settling(test);
  looking(test);
  waiting(test);
}
