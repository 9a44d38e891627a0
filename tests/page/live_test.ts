import { deepEqual, equal, match, ok } from "../assert.ts";
import type { Page } from "playwright-core";
import { issueToken } from "../../lib/identity/token.ts";
import { SECRET } from "../door/open_door.ts";
import { textOf } from "./browser.ts";
import { ADDRESS, DOMAIN, FILE, fillArchive } from "./live_archive.ts";
import { answered, ask, liveTest } from "./live_browser.ts";

const FILLED = { fill: (...of: Parameters<typeof fillArchive>) => fillArchive(of[0], of[1]) };

liveTest("an indicator is asked by typing it, and the address has it", FILLED, async (test) => {
  const { page, origin } = test;
  await page.locator(".welcome").waitFor();
  equal(page.url(), `${origin}/`);
  await ask(page, "203.0.113[.]7");
  equal(page.url(), `${origin}/?q=203.0.113%5B.%5D7`);
  match(
    await textOf(page, "header"),
    /Sightings of ipv4 203\.0\.113\.7 Events 24 First seen 2023-11-14 00:13:20 Last seen 2023-11-14 23:13:20 Verdicts 24 unknown Reported by lab\.example\.org ThreatRank −0\.\d+, of the newest 10/,
  );
  deepEqual(
    await page.locator("section").evaluateAll((found) => found.map(({ id }) => id)),
    ["histogram", "graph", "related", "ranks"],
  );
  await page.goBack();
  await page.locator(".welcome").waitFor();
  equal(await page.getByLabel("Indicator").inputValue(), "");
  await page.goForward();
  await answered(page);
  equal(await page.getByLabel("Indicator").inputValue(), "203.0.113[.]7");
  await page.reload();
  await answered(page);
  match(await textOf(page, "header"), /Events 24/);
});

liveTest(
  "two nodes of the graph are opened, each asks for its own events",
  FILLED,
  async (test) => {
    const { page } = test;
    await ask(page, ADDRESS);
    const items = page.getByRole("treeitem");
    await page.getByRole("treeitem", { name: DOMAIN }).click();
    await page.getByRole("treeitem", { name: FILE }).waitFor();
    match(await textOf(page, ".outline"), /domain malware\.example\.com 2 events/);
    const before = await items.count();
    await page.getByRole("treeitem", { name: FILE }).click();
    await page.getByRole("treeitem", { name: /dropper\.exe 1 event/ }).waitFor();
    // What it is related to is in sight already.
    equal(await items.count() >= before, true);
  },
);

liveTest("a click in the picture opens a node", FILLED, async ({ page }) => {
  await ask(page, ADDRESS);
  const picture = page.locator(".picture");
  await picture.scrollIntoViewIfNeeded();
  await page.waitForFunction(() =>
    // deno-lint-ignore no-explicit-any
    (document.querySelector(".picture") as any)._cyreg?.cy.nodes().length > 0
  );
  const at = await picture.evaluate((element, label) => {
    // deno-lint-ignore no-explicit-any
    const { cy } = (element as any)._cyreg;
    // deno-lint-ignore no-explicit-any
    return cy.nodes().filter((node: any) => node.data("label").includes(label)).renderedPosition();
  }, DOMAIN);
  const box = await picture.boundingBox();
  await page.mouse.click(box!.x + at.x, box!.y + at.y);
  await page.getByRole("treeitem", { name: FILE }).waitFor();
});

liveTest("zooming the histogram asks for its time, and All for any", FILLED, async ({ page }) => {
  await ask(page, ADDRESS);
  const box = await page.locator("#histogram .u-over").boundingBox();
  const y = box!.y + box!.height / 2;
  await page.mouse.move(box!.x + box!.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(box!.x + box!.width * 3 / 4, y, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/from=\d+.*&to=\d+/);
  await answered(page);
  const events = Number((await textOf(page, "header")).match(/Events (\d+)/)![1]);
  ok(events >= 5 && events <= 8, String(events));
  match(await textOf(page, "#related .section-head .note"), new RegExp(`In ${events} events`));
  equal(await page.getByLabel("Time").inputValue(), "chosen");
  await page.locator("#histogram").getByRole("button", { name: "All" }).click();
  await page.waitForURL((url) => !url.search.includes("from"));
  await answered(page);
  match(await textOf(page, "header"), /Events 24/);
  await page.goBack();
  await answered(page);
  match(await textOf(page, "header"), new RegExp(`Events ${events} `));
});

liveTest("another value is asked for any time, not for the zoomed one", FILLED, async (test) => {
  const { page, origin } = test;
  await page.goto(`${origin}/?q=${ADDRESS}&from=0&to=1000`);
  await answered(page);
  await ask(page, ADDRESS);
  equal(page.url(), `${origin}/?q=${ADDRESS}&from=0&to=1000`);
  await page.getByLabel("Indicator").fill(DOMAIN);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${origin}/?q=${DOMAIN}`);
  await answered(page);
  match(await textOf(page, "header"), /Events 2 /);
});

liveTest("older events are added to list and graph", FILLED, async ({ page }) => {
  await ask(page, ADDRESS);
  match(await textOf(page, "#related .section-head"), /in the newest 10 of 24 events/);
  const more = page.getByRole("button", { name: "Add the ten next older events" });
  await more.click();
  await page.getByText("in the newest 20 of 24 events").waitFor();
  await more.click();
  await page.getByText("In 24 events").waitFor();
  equal(await more.count(), 0);
  match(await textOf(page, ".kinds"), /All kinds 25 url 23/);
  match(await textOf(page, ".outline"), /url · 23 values/);
});

liveTest("a related value leads to its own answer", FILLED, async ({ page, origin }) => {
  await ask(page, ADDRESS);
  await page.locator("#related").getByRole("link", { name: DOMAIN }).click();
  await page.waitForURL(`${origin}/?q=${DOMAIN}&sub_type=domain`);
  await answered(page);
  match(await textOf(page, "header"), /Sightings of domain .* Verdicts 1 malicious ?1 unknown/);
});

liveTest("evidence is read as paths from malicious events", FILLED, async ({ page }) => {
  await ask(page, ADDRESS);
  match(
    await textOf(page, "#ranks article:nth-of-type(1) .paths"),
    /100\.0 % download [0-9a-f]{8} malicious – domain malware\.example\.com – sighting/,
  );
});

liveTest("answers are exported for other programs", FILLED, async ({ page }) => {
  await ask(page, ADDRESS);
  await page.getByText("Export", { exact: true }).click();
  const save = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name }).click(),
    ]);
    match(download.suggestedFilename(), /^cybexp-\w+-203\.0\.113\.7-2023-11-14\.\w+$/);
    return await Deno.readTextFile(await download.path());
  };
  equal(JSON.parse(await save("Related values as STIX 2.1")).type, "bundle");
  match(await save("Sightings as CSV"), /^sub_type,data,count,first_seen/);
  match(await save("ThreatRanks as GEXF"), /^<\?xml/);
  match(await save("Related values as page"), /^<!doctype html>/);
});

liveTest("the keyboard alone suffices", FILLED, async ({ page }) => {
  await page.locator(".welcome").waitFor();
  // The box has the focus.
  await page.keyboard.type(ADDRESS);
  await page.keyboard.press("Enter");
  await answered(page);
  equal(await page.locator(":focus").evaluate(({ localName }) => localName), "h1");
  await tabTo(page, "slider");
  await page.keyboard.press("+");
  await page.waitForURL(/from=/);
  await answered(page);
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "slider");
  await page.keyboard.press("0");
  await page.waitForURL((url) => !url.search.includes("from"));
  await answered(page);
  await tabTo(page, "treeitem");
  const focused = async () => (await page.locator(":focus").innerText()).replace(/\s+/g, " ");
  while (!(await focused()).includes(DOMAIN)) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("treeitem", { name: FILE }).waitFor();
  match(await focused(), /malware\.example\.com 2 events/);
});

/** Presses Tab until something of this role has the focus. */
async function tabTo(page: Page, role: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => document.activeElement?.getAttribute("role"));
    if (found === role) return;
  }
  throw new Error(`Tab does not come to a ${role}`);
}

liveTest(
  "a token signs in, a wrong one does not, and signing out ends it",
  { ...FILLED, isSignedOut: true, expectedFaults: /status of 401/ },
  async ({ page, analyst }) => {
    const token = page.getByLabel("Token");
    await token.fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("Cannot sign in: this token is not valid here").waitFor();
    await token.fill(await issueToken(analyst, SECRET));
    await page.keyboard.press("Enter");
    await page.locator(".welcome").getByText("lab.example.org").waitFor();
    await ask(page, ADDRESS);
    const [cookie] = await page.context().cookies();
    deepEqual([cookie!.httpOnly, cookie!.sameSite], [true, "Strict"]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await token.waitFor();
    await page.reload();
    await token.waitFor();
    equal((await page.context().cookies()).length, 0);
  },
);

liveTest(
  "signing out leaves nothing of what was asked",
  { ...FILLED, expectedFaults: /status of 401/ },
  async ({ page, origin }) => {
    await ask(page, DOMAIN);
    await ask(page, ADDRESS);
    const shown = async () => [
      page.url(),
      await page.title(),
      (await page.content()).includes(ADDRESS),
      await page.locator("#q").inputValue(),
    ];
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    deepEqual(await shown(), [`${origin}/`, "cybexp", false, ""]);
    // What was asked before is in the browser's history.
    await page.goBack();
    await page.waitForURL(`${origin}/`);
    deepEqual(await shown(), [`${origin}/`, "cybexp", false, ""]);
  },
);

liveTest(
  "signing out leaves nothing to another document of the page, nor to who comes next",
  { ...FILLED, expectedFaults: /status of 401/ },
  async ({ page, origin, analyst }) => {
    await ask(page, ADDRESS);
    await page.goto(`${origin}/?x=1`);
    await page.locator(".welcome").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    await page.goBack();
    await page.getByLabel("Token").waitFor();
    deepEqual([page.url(), await page.locator("#q").inputValue()], [`${origin}/`, ""]);
    await page.getByLabel("Token").fill(await issueToken(analyst, SECRET));
    await page.keyboard.press("Enter");
    await page.locator(".welcome").waitFor();
  },
);

liveTest("who has not signed in keeps the question of the address", {
  ...FILLED,
  isSignedOut: true,
}, async ({ page, origin, analyst }) => {
  await page.goto(`${origin}/?q=${ADDRESS}`);
  await page.getByLabel("Token").fill(await issueToken(analyst, SECRET));
  equal(await page.title(), "cybexp");
  await page.keyboard.press("Enter");
  await answered(page);
  equal(await page.title(), `${ADDRESS} – cybexp`);
});

liveTest("going back and loading anew lead to where one was", FILLED, async ({ page }) => {
  await ask(page, ADDRESS);
  const link = page.locator("#related").getByRole("link", { name: DOMAIN });
  const height = () => page.evaluate(() => scrollY);
  const stays = async (expected: number) => {
    await answered(page);
    await page.waitForFunction((y) => Math.abs(scrollY - y) < 2, expected, { timeout: 5000 });
  };
  await link.scrollIntoViewIfNeeded();
  const before = await height();
  ok(before > 300, String(before));
  await link.click();
  await page.waitForURL(new RegExp(DOMAIN));
  await stays(0);
  await page.mouse.wheel(0, 350);
  await page.waitForTimeout(400);
  const later = await height();
  await page.goBack();
  await page.waitForURL(/q=203/);
  await stays(before);
  await page.reload();
  await stays(before);
  await page.goForward();
  await page.waitForURL(new RegExp(DOMAIN));
  await stays(later);
  // Who reads on is left alone.
  await page.reload();
  await page.locator(".answer").waitFor();
  await page.mouse.wheel(0, -5000);
  await stays(0);
  await page.waitForTimeout(400);
  await stays(0);
});

liveTest("an empty archive says how to import", {}, async ({ page }) => {
  match(await textOf(page, ".welcome"), /empty .* archive import FILE --org lab\.example\.org/);
});

liveTest("what no event holds is said, and in which time", FILLED, async ({ page, origin }) => {
  await ask(page, "192.0.2.99");
  match(await textOf(page, ".answer"), /Events 0 .* No event that you may see holds it\./);
  await page.goto(`${origin}/?q=192.0.2.99&last=7d`);
  await answered(page);
  match(await textOf(page, ".answer"), /holds it in this time, nor at any other\.$/);
  await page.goto(`${origin}/?q=${ADDRESS}&from=0&to=1000`);
  await answered(page);
  match(await textOf(page, ".answer"), /holds it in this time\. Events at other times: 24\. Ask/);
  await page.getByRole("button", { name: "Ask for any time" }).click();
  await page.getByText("24 unknown").waitFor();
});

liveTest("what was seen near an unseen value is named, and leads on", FILLED, async ({ page }) => {
  await ask(page, `http://${ADDRESS}/zz`);
  match(await textOf(page, ".answer"), /Events 0 .* But within ipv4 203\.0\.113\.7 24 events/);
  await ask(page, "203.0.113.0/24");
  match(await textOf(page, ".answer"), /Events 0 .* But in it ipv4 203\.0\.113\.7 24 events/);
  await page.locator(".answer header").getByRole("link", { name: ADDRESS }).click();
  await page.getByText("24 unknown").waitFor();
});

liveTest(
  "several values of one kind are refused, without advice for another program",
  FILLED,
  async ({ page, origin }) => {
    const alert = page.getByRole("alert");
    await page.goto(`${origin}/?q=192.0.2.1+192.0.2.2&sub_type=ipv4`);
    await alert.getByText("holds 2 values: ask for one at a time (192.0.2.1, 192.0.2.2)").waitFor();
    const many = new URLSearchParams({ q: "192.0.2.1 ".repeat(50), sub_type: "ipv4" });
    await page.goto(`${origin}/?${many}`);
    await alert.getByText("holds 50 values").waitFor();
    ok((await alert.innerText()).length < 270, await alert.innerText());
  },
);

liveTest("what a value may be is asked by links, and by any other kind", {
  fill: (door, orgid) => fillArchive(door, orgid, ["qwertz"]),
}, async ({ page, origin }) => {
  await page.goto(`${origin}/?q=qwertz&last=3650d`);
  await page.getByRole("alert").getByText('"qwertz" may be of several kinds').waitFor();
  equal(
    await textOf(page, ".kind-links"),
    "filename 1 event hostname no event username no event password no event",
  );
  equal(await page.locator(":focus").innerText(), "filename");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${origin}/?q=qwertz&sub_type=filename&last=3650d`);
  await answered(page);
  match(await textOf(page, "header"), /Sightings of filename qwertz Events 1/);
  await page.goBack();
  await page.getByRole("link", { name: "password" }).click();
  await answered(page);
  match(await textOf(page, "header"), /Sightings of password qwertz Events 0/);
  await page.getByLabel("Kind").fill("body");
  await page.keyboard.press("Enter");
  await page.waitForURL(/sub_type=body/);
});

liveTest("an indicator beside other words is asked by a link", FILLED, async ({ page }) => {
  await page.getByLabel("Indicator").fill(`${ADDRESS} (Russia)`);
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText(`"${ADDRESS} (Russia)" is more than an indicator`)
    .waitFor();
  await page.getByText("Or for the whole text as:").waitFor();
  await page.getByRole("link", { name: ADDRESS }).click();
  await answered(page);
  match(await textOf(page, "header"), new RegExp(`Sightings of ipv4 ${ADDRESS}`));
});

liveTest(
  "an answer that does not come is said where it belongs, and asked for again",
  { ...FILLED, expectedFaults: /Failed to load resource/ },
  async ({ page }) => {
    await page.route("**/api/v1/histogram*", (route) => route.abort());
    await ask(page, ADDRESS);
    const fault = page.getByRole("alert");
    match(await fault.innerText(), /Counting events by time: .* Cannot reach the server/);
    equal(await page.locator("#related").count(), 1);
    await page.unroute("**/api/v1/histogram*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("#histogram").waitFor();
    equal(await fault.count(), 0);
  },
);
