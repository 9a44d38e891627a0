import { deepEqual } from "../assert.ts";
import type { Page } from "playwright-core";
import { listingAnswer, rankAnswer, summaryAnswer } from "./answers.ts";
import { pageTest } from "./browser.ts";
import { pictureFaults } from "./fit.ts";
import { ADDRESS, fillArchive } from "./live_archive.ts";
import { answered, ask, liveTest } from "./live_browser.ts";

const HOSTS = Array.from({ length: 300 }, (_, number) => `host${number}.example.com`);

const ANSWERS = {
  "a hub": summaryAnswer(HOSTS, ["x".repeat(5000), "a.exe"]),
  "wide characters": summaryAnswer(["\u4e2d".repeat(80), "W".repeat(80)], ["\u4e2d".repeat(80)]),
  "a listing": listingAnswer("a password\nof two lines"),
  "ThreatRanks": rankAnswer("http://malware.example.com/" + "path/".repeat(50)),
};

const WIDTHS = [400, 1024, 1600];

async function checkPicture(page: Page, width: number): Promise<void> {
  deepEqual(await pictureFaults(page), [], `${width} px`);
}

for (const [name, answer] of Object.entries(ANSWERS)) {
  pageTest(`the graph of ${name} opens inside its frame, and can be read`, answer, async (page) => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.reload();
      await checkPicture(page, width);
    }
    // It follows the window's size, too.
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await checkPicture(page, width);
    }
  });
}

liveTest(
  "the graph opens inside its frame on any screen, and can be read",
  { fill: (door, orgid) => fillArchive(door, orgid, HOSTS.slice(0, 40)) },
  async ({ page }) => {
    await ask(page, ADDRESS);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.reload();
      await answered(page);
      await checkPicture(page, width);
    }
  },
);
