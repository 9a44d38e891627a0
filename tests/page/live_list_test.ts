import { deepEqual, equal, match, ok } from "../assert.ts";
import type { Page } from "playwright-core";
import { HOSTILE_TEXTS } from "../answers/export/answers.ts";
import { textOf } from "./browser.ts";
import { checkLook } from "./check_look.ts";
import { ADDRESS, DOMAIN, FILE, fillArchive } from "./live_archive.ts";
import { answered, liveTest } from "./live_browser.ts";

const FILLED = { fill: (...of: Parameters<typeof fillArchive>) => fillArchive(of[0], of[1]) };

/** Pastes a text into the box, in place of what it has. */
async function insert(page: Page, text: string): Promise<void> {
  await page.locator("#q").focus();
  await page.keyboard.press("Control+A");
  const isPasted = await page.locator("#q").evaluate((box, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    return !box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
  }, text);
  // What the page leaves to the browser.
  if (!isPasted) await page.keyboard.insertText(text);
}

/** Pastes a text into the box, and asks. */
async function paste(page: Page, text: string): Promise<void> {
  await insert(page, text);
  await page.keyboard.press("Enter");
  await page.locator(".answer #list, .answer #unread").first().waitFor();
}

/** The cells of the rows of a table that are in sight. */
function rowsOf(page: Page, id: string): Promise<string[][]> {
  return page.locator(`#${id} .space [role=row]`).evaluateAll((rows) =>
    rows.map((row) => [...row.children].map(({ textContent }) => textContent ?? ""))
  );
}

liveTest(
  "a pasted list has a row for each value, those that were seen first",
  FILLED,
  async (test) => {
    const { page, origin } = test;
    const text = `198.51.100.1\n203.0.113[.]7\n${DOMAIN}\nhello\n# a comment\n203.0.113.7`;
    await paste(page, text);
    equal(page.url(), `${origin}/?${new URLSearchParams({ q: text })}`);
    match(
      await textOf(page, "header"),
      /^Sightings of a list 3 indicators Seen 2 In malicious events 1 Not seen 1 Not looked up 1 Range the first event to .* Left out of the text 1 × comment$/,
    );
    deepEqual(
      (await rowsOf(page, "list")).map((cells) => cells.slice(0, 4)),
      [
        [DOMAIN, "domain", "2", "1 malicious"],
        [ADDRESS, "ipv4", "24", ""],
        ["198.51.100.1", "ipv4", "0", ""],
      ].map(([value, ...rest]) => [`${value}whole`, ...rest]),
    );
    match((await rowsOf(page, "unread"))[0]![1]!, /does not show what kind it is/);
    await page.locator("#list").getByRole("link", { name: DOMAIN }).click();
    await answered(page);
    match(await textOf(page, "header"), /Sightings of domain malware\.example\.com Events 2/);
    await page.goBack();
    await page.locator("#list").waitFor();
    equal(await page.locator("#q").inputValue(), text);
    await page.locator("#unread").getByRole("link", { name: "hello" }).click();
    await page.locator(".kind-links").waitFor();
  },
);

liveTest(
  "several values in one line, or in a sentence, become a list",
  FILLED,
  async ({ page }) => {
    await paste(page, `we saw ${ADDRESS} and ${DOMAIN}, today`);
    equal((await rowsOf(page, "list")).length, 2);
    await paste(page, `${ADDRESS}, 198.51.100.1`);
    deepEqual((await rowsOf(page, "list")).map((cells) => cells[2]), ["24", "0"]);
    await paste(page, `${ADDRESS} `.repeat(50));
    deepEqual((await rowsOf(page, "list")).map((cells) => cells[2]), ["24"]);
  },
);

liveTest(
  "a list is as long as ten thousand values, and comes back with Back",
  FILLED,
  async (test) => {
    const { page, origin } = test;
    const values = Array.from({ length: 9_999 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
    await paste(page, [...values, ADDRESS].join("\n"));
    ok(page.url().startsWith(`${origin}/#q=10.1.0.0%0A`));
    match(
      await textOf(page, "header"),
      /10,000 indicators Seen 1 In malicious events 0 Not seen 9,999/,
    );
    equal((await rowsOf(page, "list"))[0]![0], `${ADDRESS}whole`);
    const { length } = await rowsOf(page, "list");
    ok(length < 60, String(length));
    await page.locator("#q").fill(DOMAIN);
    await page.keyboard.press("Enter");
    await answered(page);
    await page.goBack();
    await page.locator("#list").waitFor();
    await page.reload();
    await page.locator("#list").waitFor();
    match(await textOf(page, "header"), /10,000 indicators Seen 1/);
  },
);

liveTest("lines of a chosen kind are values of it, unless all are one", {
  fill: (door, orgid) => fillArchive(door, orgid, ["two\nlines"]),
}, async ({ page, origin }) => {
  await page.goto(`${origin}/?${new URLSearchParams({ q: `${FILE}\nx86`, sub_type: "filename" })}`);
  await page.locator("#list").waitFor();
  deepEqual((await rowsOf(page, "list")).map((cells) => cells.slice(1, 3)), [
    ["filename", "1"],
    ["filename", "0"],
  ]);
  const whole = new URLSearchParams({ q: "two\nlines", sub_type: "filename" });
  await page.goto(`${origin}/?${whole}`);
  await answered(page);
  match(await textOf(page, "header"), /Sightings of filename two↵lines whole Events 1 /);
});

liveTest(
  "a list says what is near what was not seen, and its links keep the time",
  FILLED,
  async (test) => {
    const { page } = test;
    await page.getByLabel("Time").selectOption("24h");
    await paste(page, `198.51.100.1\n203.0.113.0/24\nhttp://sub.${DOMAIN}/x\n${ADDRESS}`);
    match(await textOf(page, "header"), /Seen 1 .*Not seen 3, 2 of them with a remark/);
    await page.locator("#list").getByRole("link", { name: ADDRESS, exact: true }).click();
    await page.waitForURL(/last=24h/);
    await page.goBack();
    await page.locator("#list").waitFor();
    await page.getByLabel("Time").selectOption("");
    await page.getByRole("button", { name: "Ask" }).click();
    await page.waitForURL((url) => !url.search.includes("last"));
    await page.locator("#list").getByText("in it: ipv4 203.0.113.7 (24 events)").waitFor();
    await page.locator("#list").getByText(/within: domain malware\.example\.com/).waitFor();
  },
);

liveTest("a time is kept for a list, and its rows are saved as CSV", FILLED, async ({ page }) => {
  await page.getByLabel("Time").selectOption("24h");
  await paste(page, `=1+1\n${ADDRESS}\n198.51.100.1`);
  match(page.url(), /&last=24h$/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save CSV" }).click();
  const saved = await download;
  match(saved.suggestedFilename(), /^cybexp-lookup-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await Deno.readTextFile(await saved.path())).split("\r\n");
  deepEqual(lines.map((line) => line.split(",")[0]), [
    "value",
    "'=1+1",
    ADDRESS,
    "198.51.100.1",
    "",
  ]);
});

liveTest("a list that is too long is refused in words, and the box stays", {
  ...FILLED,
  expectedFaults: /status of 400/,
}, async ({ page }) => {
  await insert(page, Array.from({ length: 20_001 }, (_, i) => `host${i}.example`).join("\n"));
  await page.keyboard.press("Enter");
  match(
    await textOf(page, "[role=alert]"),
    /^Cannot look up a text of more than 262144 characters/,
  );
});

liveTest(
  "a list of hostile values stays text, fits any screen, and has no fault (axe)",
  FILLED,
  async ({ page }) => {
    const texts = HOSTILE_TEXTS.filter((text) => text.isWellFormed() && text.length < 1000);

    await paste(page, [ADDRESS, DOMAIN, FILE, "x".repeat(5000), ...texts].join("\n"));
    equal(await page.locator("main img, main script, main iframe").count(), 0);
    await checkLook(page);
  },
);
