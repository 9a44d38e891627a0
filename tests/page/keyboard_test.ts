import { deepEqual, equal, match } from "../assert.ts";
import type { Page } from "playwright-core";
import { histogramAnswer, listingAnswer, rankAnswer, summaryAnswer } from "./answers.ts";
import { pageTest, textOf } from "./browser.ts";

/** Presses Tab until nothing new gets the focus; returns what had it, by role or tag and name. */
async function tabStops(page: Page): Promise<string[]> {
  const stops: string[] = [];
  for (let presses = 0; presses < 100; presses++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const role = element.getAttribute("role") ?? element.localName;
      const label = element.getAttribute("aria-label") ?? element.id;
      return `${role} ${label || element.textContent?.slice(0, 20)}`;
    });
    if (stop === undefined) return stops;
    stops.push(stop);
  }
  return stops;
}

const TOOLS = ["button Larger", "button Smaller", "button All"];
const EXPORTS = ["button Copy JSON", "button Save JSON", "button Copy CSV", "button Save CSV"];

pageTest(
  "the keyboard reaches everything of a summary",
  summaryAnswer(["a.example"]),
  async (page) => {
    deepEqual(await tabStops(page), [
      ...EXPORTS,
      "input ",
      "input filter",
      "button Clear",
      "rowgroup Related values",
      ...TOOLS,
      "treeitem ipv4 203.0.113.7",
    ]);
  },
);

pageTest("the keyboard reaches everything of a histogram", histogramAnswer(), async (page) => {
  deepEqual(await tabStops(page), [
    ...EXPORTS,
    "button Zoom in",
    "button Zoom out",
    "button All",
    "slider Events by hour",
    "summary As a table",
  ]);
});

pageTest("the histogram is read and zoomed by keyboard", histogramAnswer(), async (page) => {
  const slider = page.getByRole("slider");
  const said = () => slider.getAttribute("aria-valuetext");
  const status = () => textOf(page, "#histogram [role=status]");
  await slider.focus();
  equal(await said(), "hour 95: 4 events");
  equal(await status(), "hour 0 to hour 95: 283 events in 96 hours");
  await page.keyboard.press("ArrowLeft");
  equal(await said(), "hour 94: 3 events");
  await page.keyboard.press("Home");
  equal(await said(), "hour 0: 0 events");
  await page.keyboard.press("+");
  match(await status(), /^hour 0 to hour 47: \d+ events in 48 of 96 hours$/);
  await page.keyboard.press("End");
  match(await status(), /^hour 48 to hour 95: /);
  await page.keyboard.press("-");
  equal(await status(), "hour 0 to hour 95: 283 events in 96 hours");
  for (let presses = 0; presses < 10; presses++) await page.keyboard.press("+");
  match(await status(), /in 3 of 96 hours$/);
  await page.keyboard.press("0");
  match(await status(), /in 96 hours$/);
});

pageTest("the histogram is zoomed by mouse", histogramAnswer(), async (page) => {
  const box = await page.locator("#histogram .u-over").boundingBox();
  const y = box!.y + box!.height / 2;
  await page.mouse.move(box!.x + box!.width / 4, y);
  await page.mouse.down();
  await page.mouse.move(box!.x + box!.width / 2, y, { steps: 5 });
  await page.mouse.up();
  match(
    await textOf(page, "#histogram [role=status]"),
    /^hour 2[34] to hour 4[78]: .* in 2\d of 96 hours/,
  );
  await page.mouse.dblclick(box!.x + box!.width / 2, y);
  match(await textOf(page, "#histogram [role=status]"), /in 96 hours$/);
});

pageTest(
  "the graph is opened by keyboard, a hub in steps",
  summaryAnswer(
    Array.from({ length: 40 }, (_, number) => `host${number}.example.com`),
  ),
  async (page) => {
    await page.getByRole("treeitem").first().focus();
    const current = async () => (await page.locator(":focus").innerText()).replace(/\s+/g, " ");
    equal(await current(), "ipv4 203.0.113.7");
    await page.keyboard.press("End");
    equal(await current(), "domain · 40 values");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("End");
    equal(await current(), "Show 28 more");
    await page.keyboard.press("Enter");
    match(await current(), /^domain host\d+\.example\.com \d+ events?$/);
    equal(await page.getByRole("treeitem").count(), 3 + 36 + 1);
    await page.keyboard.press("ArrowLeft");
    equal(await current(), "domain · 40 values");
    await page.keyboard.press("ArrowLeft");
    equal(await page.getByRole("treeitem").count(), 3);
  },
);

pageTest("a click opens a node of the picture", listingAnswer("secret"), async (page) => {
  const items = page.getByRole("treeitem");
  const before = await items.count();
  await page.getByRole("treeitem", { name: "login" }).click();
  const closed = await items.count();
  equal(closed < before, true);
  const place = await nodePlace(page, "login");
  await page.mouse.click(place.x, place.y);
  await page.waitForFunction((count) => document.querySelectorAll("li").length === count, before);
});

/** Where on the screen the picture has the node whose label begins so. */
async function nodePlace(page: Page, label: string) {
  const picture = page.locator(".picture");
  await picture.scrollIntoViewIfNeeded();
  const at = await picture.evaluate((element, label) => {
    // deno-lint-ignore no-explicit-any
    const { cy } = (element as any)._cyreg;
    // deno-lint-ignore no-explicit-any
    return cy.nodes().filter((node: any) => node.data("label").startsWith(label))
      .renderedPosition();
  }, label);
  const box = await picture.boundingBox();
  return { x: box!.x + at.x, y: box!.y + at.y };
}

pageTest(
  "the paths of a ThreatRank are opened node by node",
  rankAnswer("http://x.example/"),
  async (page) => {
    await page.getByRole("treeitem").first().focus();
    const texts = async () => await page.getByRole("treeitem").allInnerTexts();
    match((await texts())[0]!, /^sighting · ThreatRank −0\.375 2023-11-14 23:13:20$/);
    equal((await texts()).some((text) => /^login · [0-9a-f]{8} malicious$/.test(text)), true);
    await page.keyboard.press("ArrowLeft");
    equal((await texts()).length, 1);
  },
);
