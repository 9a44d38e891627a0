import { changing } from "./instances/changing.ts";
import { exactness } from "./instances/exactness.ts";
import { finding } from "./instances/finding.ts";
import type { Opened, Test } from "./instances/fixtures.ts";
import { growing } from "./instances/growing.ts";
import { merging } from "./instances/merging.ts";
import { putting } from "./instances/putting.ts";
import { stepping } from "./instances/stepping.ts";
import { testOn } from "./test_on.ts";

/** What every `InstanceStore` must do, registered as tests. */
export function instancesSuite(name: string, open: () => Promise<Opened>): void {
  const test: Test = testOn(name, open);
  putting(test);
  growing(test);
  merging(test);
  exactness(test);
  finding(test);
  changing(test);
  stepping(test);
}
