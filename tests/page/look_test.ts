import { deepEqual, ok } from "../assert.ts";
import { histogramAnswer, listingAnswer, rankAnswer, summaryAnswer } from "./answers.ts";
import { pageTest } from "./browser.ts";
import { fits, violations } from "./fit.ts";

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
