/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { deepEqual } from "../assert.ts";
import { chromium, type Page } from "playwright-core";
import type { QueryResult } from "../../lib/answers/answer_content.ts";
import { writeHtml } from "../../lib/answers/export/html.ts";
import { exists } from "../../lib/exists.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser of the tests; undefined if there is none. */
export const CHROMIUM = await findChromium();

if (CHROMIUM === undefined) {
  console.warn(
    "The tests of the page in a browser are skipped: there is no Chromium. To run them: " +
      "apt-get install chromium, or name one in CYBEXP_TEST_CHROMIUM",
  );
}

async function findChromium(): Promise<string | undefined> {
  const named = Deno.env.get("CYBEXP_TEST_CHROMIUM");
  if (named) return named;
  for (const place of PLACES) if (await exists(place)) return place;
}

/**
 * Tests with an answer's file in a browser, where there is one. Whatever the test does, no request
 * may leave the page, and it may neither report an error nor run into its own policy.
 */
export function pageTest(
  name: string,
  answer: QueryResult | string,
  work: (page: Page) => Promise<void>,
): void {
  Deno.test({
    name: `page: ${name}`,
    ignore: CHROMIUM === undefined,
    fn: () => withPage(typeof answer === "string" ? answer : writeHtml(answer), work),
  });
}

async function withPage(
  html: string,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const file = await Deno.makeTempFile({ prefix: "cybexp-page-", suffix: ".html" });
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  try {
    await Deno.writeTextFile(file, html);
    const context = await browser.newContext();
    const page = await context.newPage();
    const faults: string[] = [];
    context.on("request", (request) => {
      if (!/^(?:file|blob):/.test(request.url())) faults.push(`request: ${request.url()}`);
    });
    page.on("console", (message) => faults.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    await page.goto(`file://${file}`);
    await page.locator("main").waitFor();
    await work(page);
    deepEqual(faults, []);
  } finally {
    await browser.close();
    await Deno.remove(file);
  }
}

/** The text of an element, as it is seen. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).innerText()).replace(/\s+/g, " ");
}
