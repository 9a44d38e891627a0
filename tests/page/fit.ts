/// <reference lib="dom" />
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Whether nothing is beyond the right edge, once what is drawn has followed the window's new size. */
export async function fits(page: Page): Promise<boolean> {
  const isNarrow = () => document.documentElement.scrollWidth <= innerWidth;
  return await page.waitForFunction(isNarrow, undefined, { timeout: 10_000 })
    .then(() => true, () => false);
}

/** What axe-core finds, each with its impact and the first element that has it. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: typeof import("axe-core") };
    const { violations } = await axe.run();
    return violations.map(({ id, impact, nodes }) => `${impact} ${id} ${nodes[0]?.html}`);
  });
}
