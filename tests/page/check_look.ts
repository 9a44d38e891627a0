import type { Page } from "playwright-core";
import { deepEqual, ok } from "../assert.ts";
import { fits, violations } from "./fit.ts";

/** Checks that a page fits screens of three widths, and has no fault (axe), light and dark. */
export async function checkLook(page: Page): Promise<void> {
  for (const width of [400, 900, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    ok(await fits(page), `too wide for ${width} px`);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      deepEqual(await violations(page), [], `${width} px, ${colorScheme}`);
    }
  }
}
