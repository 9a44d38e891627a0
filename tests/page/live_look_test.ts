import { deepEqual, equal } from "../assert.ts";
import { HOSTILE_TEXTS } from "../answers/export/answers.ts";
import { checkLook } from "./check_look.ts";
import { ADDRESS, fillArchive } from "./live_archive.ts";
import { answered, ask, liveTest } from "./live_browser.ts";

const TEXTS = [
  // Half of a pair cannot be stored.
  ...HOSTILE_TEXTS.filter((text) => text.isWellFormed()),
  '<img src="http://192.0.2.1/x.png" onerror="document.title=1">',
  "<script>document.title = 'taken'</script>",
  "javascript:alert(1)",
  "https://example.com/a",
  "</script></pre></dialog>",
];

liveTest(
  "an answer fits any screen, light and dark, and has no fault (axe)",
  { fill: (door, orgid) => fillArchive(door, orgid, ["x".repeat(5000), ...TEXTS]) },
  async ({ page }) => {
    await ask(page, ADDRESS);
    await page.getByText("Export", { exact: true }).click();
    await checkLook(page);
  },
);

liveTest(
  "kinds to choose from fit any screen, and have no fault (axe)",
  {},
  async ({ page, origin }) => {
    await page.goto(`${origin}/?${new URLSearchParams({ q: "x".repeat(500) })}`);
    await page.locator(".kind-links").waitFor();
    await checkLook(page);
  },
);

liveTest("the way in fits any screen, and has no fault (axe)", {}, async ({ page }) => {
  await page.locator(".welcome").waitFor();
  await checkLook(page);
  for (const width of [660, 700, 768, 820, 900, 1000, 1024, 1100, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const bottoms = await page.locator(".search").locator("#q, .main-action")
      .evaluateAll((found) => found.map((each) => each.getBoundingClientRect().bottom));
    deepEqual(new Set(bottoms).size, 1, `Ask is below the box at ${width} px`);
  }
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Token").waitFor();
  await checkLook(page);
});

liveTest(
  "hostile values stay text, and their links stay on the page",
  { fill: (door, orgid) => fillArchive(door, orgid, TEXTS) },
  async ({ page, origin }) => {
    await ask(page, ADDRESS);
    const foreign = () =>
      page.evaluate((origin) => {
        const others = document.querySelectorAll(
          "img, iframe, object, embed, svg, script:not([src])",
        );
        const links = [...document.querySelectorAll("a")].filter(({ href }) =>
          !href.startsWith(`${origin}/`)
        );
        const handlers = [...document.querySelectorAll("*")].filter((element) =>
          element.getAttributeNames().some((name) => name.startsWith("on"))
        );
        return [...others, ...links, ...handlers].map(({ outerHTML }) => outerHTML.slice(0, 90));
      }, origin);
    deepEqual(await foreign(), []);
    await page.getByLabel("Find").fill("javascript:alert(1)");
    const link = page.locator("#related").getByRole("link", { name: "javascript:alert(1)" });
    await link.click();
    await page.waitForURL(/q=javascript%3Aalert%281%29&sub_type=filename/);
    await answered(page);
    equal(await page.locator("h1").innerText(), "javascript:alert(1)");
    for (const text of ['"><img src=x onerror=alert(1)>', "<script>alert(1)</script>"]) {
      await page.goto(`${origin}/?${new URLSearchParams({ q: text, sub_type: "filename" })}`);
      await answered(page);
      equal(await page.locator("h1").innerText(), text);
      deepEqual(await foreign(), []);
    }
  },
);
