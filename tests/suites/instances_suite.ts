import { changing } from "./instances/changing.ts";
import { exactness } from "./instances/exactness.ts";
import { finding } from "./instances/finding.ts";
import type { Opened, Test } from "./instances/fixtures.ts";
import { growing } from "./instances/growing.ts";
import { putting } from "./instances/putting.ts";
import { stepping } from "./instances/stepping.ts";

/** What every `InstanceStore` must do, registered as tests. */
export function instancesSuite(name: string, open: () => Promise<Opened>): void {
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
  putting(test);
  growing(test);
  exactness(test);
  finding(test);
  changing(test);
  stepping(test);
}
