import { deepEqual, ok } from "../assert.ts";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { histogramAnswer, listingAnswer, rankAnswer, summaryAnswer } from "./answers.ts";
import { pageTest } from "./browser.ts";

const ANSWERS = {
  "a count": histogramAnswer(),
  "a summary": summaryAnswer(
    Array.from({ length: 300 }, (_, number) => `host${number}.example.com`),
    ["x".repeat(5000), "a.exe"],
  ),
  "a listing": listingAnswer("a password\nof two lines"),
  "ThreatRanks": rankAnswer("http://malware.example.com/" + "path/".repeat(50)),
};

for (const [name, answer] of Object.entries(ANSWERS)) {
  pageTest(
    `${name} fits any screen, light and dark, and has no fault (axe)`,
    answer,
    async (page) => {
      for (const width of [400, 900, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        ok(await fits(page), `too wide for ${width} px`);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          deepEqual(await violations(page), [], `${width} px, ${colorScheme}`);
        }
      }
    },
  );
}

/** Whether nothing is beyond the right edge, once what is drawn has followed the window's new size. */
async function fits(page: Page): Promise<boolean> {
  const isNarrow = () => document.documentElement.scrollWidth <= innerWidth;
  return await page.waitForFunction(isNarrow, undefined, { timeout: 10_000 })
    .then(() => true, () => false);
}

/** What axe-core finds, each with its impact and the first element that has it. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: typeof import("axe-core") };
    const { violations } = await axe.run();
    return violations.map(({ id, impact, nodes }) => `${impact} ${id} ${nodes[0]?.html}`);
  });
}
