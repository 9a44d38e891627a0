import { deepEqual, equal } from "../assert.ts";
import type { Locator, Page } from "playwright-core";
import { printable } from "../../lib/printable.ts";
import { HOSTILE_TEXTS } from "../answers/export/answers.ts";
import { listingAnswer, rankAnswer, summaryAnswer } from "./answers.ts";
import { pageTest } from "./browser.ts";

const TEXTS = [
  ...HOSTILE_TEXTS,
  '<img src="http://192.0.2.1/x.png" onerror="document.title=1">',
  "<script>document.title = 'taken'</script>",
  "javascript:alert(1)",
  "https://example.com/a",
  "\u2067\u05d0\u05d1\u05d2 abc\u2069",
  "</script></pre></dialog>",
];

pageTest(
  "hostile values stay text, and are shown whole",
  summaryAnswer(TEXTS),
  async (page) => {
    await page.getByRole("radio", { name: "domain" }).check();
    const rows = page.locator("#related .space .row");
    equal(await rows.count(), TEXTS.length);
    const shown = new Set<string | null>();
    for (const row of await rows.all()) shown.add(await wholeText(page, row));
    deepEqual(shown, new Set(TEXTS.map((text) => text.replace(/[^\n\t]+/g, printable))));
  },
);

/** The value of a row, from its dialogue if it has one. */
async function wholeText(page: Page, row: Locator): Promise<string | null> {
  const button = row.getByRole("button");
  if (await button.count() === 0) return await row.locator("bdi").textContent();
  await button.click();
  const all = page.getByRole("button", { name: "Show all" });
  if (await all.count() > 0) await all.click();
  const text = await page.locator("dialog pre").textContent();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  return text;
}

pageTest("hostile values are found as they are pasted", summaryAnswer(TEXTS), async (page) => {
  for (const text of TEXTS) {
    await page.getByLabel("Find").fill(text.slice(0, 1000));
    const found = await page.locator("#related [role=status]").innerText();
    equal(found.startsWith("0 of"), false, JSON.stringify(text.slice(0, 40)));
  }
});

pageTest("no element is made of values in a summary", summaryAnswer(TEXTS), async (page) => {
  deepEqual(await foreignElements(page), []);
});

pageTest(
  "no element is made of values in events",
  listingAnswer(TEXTS.join(" ")),
  async (page) => {
    deepEqual(await foreignElements(page), []);
  },
);

pageTest("no element is made of values in paths", rankAnswer(TEXTS.join(" ")), async (page) => {
  deepEqual(await foreignElements(page), []);
});

/** Elements that the page has none of, and scripts beside its own three. */
async function foreignElements(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const scripts = [...document.querySelectorAll("script")].slice(3);
    const others = [...document.querySelectorAll("a, img, iframe, object, embed, svg, link, form")];
    const handlers = [...document.querySelectorAll("*")].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith("on") || name === "href")
    );
    return [...scripts, ...others, ...handlers].map((element) => element.outerHTML.slice(0, 80));
  });
}
