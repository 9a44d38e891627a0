/// <reference lib="dom" />
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Whether nothing is beyond the right edge, once what is drawn has followed the window's new size. */
export async function fits(page: Page): Promise<boolean> {
  const isNarrow = () => document.documentElement.scrollWidth <= innerWidth;
  return await page.waitForFunction(isNarrow, undefined, { timeout: 10_000 })
    .then(() => true, () => false);
}

/** Pixels by which two lengths may differ that are the same. */
const ROUNDING = 1;

/** What is wrong with how the picture of a graph is seen: beyond its frame, or too small to read. */
export async function pictureFaults(page: Page): Promise<string[]> {
  await page.waitForFunction(() =>
    // deno-lint-ignore no-explicit-any
    (document.querySelector(".picture") as any)?._cyreg?.cy.nodes().length > 0
  );
  // What is drawn follows the window's new size.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  return await page.locator(".picture").evaluate((element, rounding) => {
    // deno-lint-ignore no-explicit-any
    const { cy } = (element as any)._cyreg;
    const { x1, y1, x2, y2 } = cy.elements().renderedBoundingBox({ includeLabels: true });
    const isInside = x1 >= -rounding && y1 >= -rounding && x2 <= element.clientWidth + rounding &&
      y2 <= element.clientHeight + rounding;
    const size = cy.zoom() * cy.nodes()[0].numericStyle("font-size");
    return [
      ...(isInside ? [] : [`beyond the frame: ${[x1, y1, x2, y2].map(Math.round)}`]),
      ...(size >= 9.9 ? [] : [`labels of ${size} px`]),
    ];
  }, ROUNDING);
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
