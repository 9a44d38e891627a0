import { deepEqual, equal, match, ok } from "../assert.ts";
import type { Page } from "playwright-core";
import { jsonText } from "../../lib/json_text.ts";
import { writeHtml } from "../../lib/answers/export/html.ts";
import { jsonAnswer } from "../../lib/answers/json_answer.ts";
import { hashAnswer } from "../answers/export/answers.ts";
import {
  details,
  groupsAnswer,
  histogramAnswer,
  listingAnswer,
  missingPageAnswer,
  rankAnswer,
  summaryAnswer,
} from "./answers.ts";
import { pageTest, textOf } from "./browser.ts";

const DOMAINS = Array.from({ length: 40 }, (_, number) => `host${number}.example.com`);

async function sectionIds(page: Page): Promise<string[]> {
  return await page.locator("section").evaluateAll((found) => found.map(({ id }) => id));
}

pageTest(
  "a count shows when the events were, in the zone of the question",
  histogramAnswer(),
  async (page) => {
    deepEqual(await sectionIds(page), ["histogram"]);
    equal(await page.title(), "ipv4 203.0.113.7 – cybexp");
    const head = await textOf(page, "header");
    match(head, /Sightings of ipv4 203\.0\.113\.7 Events 25 First seen 2026-03-14 01:00:00/);
    match(head, /Range the first event to 2026-09-21 16:13:20/);
    match(head, /Times in Europe\/Berlin/);
  },
);

pageTest(
  "related values show their kinds, their events and which part it is",
  summaryAnswer(DOMAINS, ["a.exe"]),
  async (page) => {
    deepEqual(await sectionIds(page), ["related", "graph"]);
    match(
      await textOf(page, "#related .section-head"),
      /Only a part: page 1 of 3, .*--page 2 shows/,
    );
    match(await textOf(page, ".kinds"), /All kinds 42 domain 40 filename 1 ipv4 1/);
    const first = page.locator("#related .space .row").first();
    equal((await first.innerText()).replace(/\s+/g, " "), "domain host9.example.com 10 dns");
  },
);

pageTest(
  "listed events show verdict and organisation",
  listingAnswer("secret"),
  async (page) => {
    deepEqual(await sectionIds(page), ["related", "events", "graph"]);
    match(await textOf(page, "header"), /Verdicts 1 malicious Reported by lab\.example\.org/);
    match(
      await textOf(page, "#events .space"),
      /2023-11-14 23:13:20 login malicious lab\.example\.org/,
    );
  },
);

pageTest(
  "ThreatRanks show bounds and flags in words, and their paths",
  rankAnswer("http://x.example/"),
  async (page) => {
    deepEqual(await sectionIds(page), ["ranks", "graph"]);
    match(await textOf(page, "#ranks .section-head"), /Shown are the newest 2 of 25 events/);
    const ranks = await textOf(page, "#ranks");
    match(ranks, /−0\.375 sighting 2023-11-14 23:13:20 unknown lab\.example\.org/);
    match(ranks, /The true rank lies between −0\.5 and −0\.25\./);
    match(ranks, /More events are within reach than the limits allow/);
    match(ranks, /66\.7 % login [0-9a-f]{8} malicious – url http:\/\/x\.example\/ – sighting/);
    match(ranks, /−1 login .* The event is malicious itself; no path is needed\./);
  },
);

pageTest(
  "the rank of one event needs neither its question nor its data",
  hashAnswer(),
  async (page) => {
    deepEqual(await sectionIds(page), ["ranks"]);
    match(await textOf(page, "header"), /ThreatRank of event e{64}/);
    match(await textOf(page, "#ranks"), /0 event e{12} No path leads here/);
  },
);

pageTest(
  "a damaged file says what to do",
  writeHtml(histogramAnswer()).replace('id="answer"', 'id="other"'),
  async (page) => {
    const text = await textOf(page, "main");
    match(text, /^Cannot show the answer\. The file is damaged: .* Export the answer again$/);
  },
);

pageTest(
  "the answer is saved as JSON and CSV",
  summaryAnswer(["=1+1", "a,b"]),
  async (page) => {
    equal(
      JSON.stringify(JSON.parse(await saved(page, "Save JSON"))),
      JSON.stringify(
        JSON.parse(jsonText(jsonAnswer(summaryAnswer(["=1+1", "a,b"])))),
      ),
    );
    equal(
      await saved(page, "Save CSV"),
      "sub_type,data,events,path\r\n" +
        'domain,"a,b",2,domain=attribute > dns=event > ipv4=attribute\r\n' +
        "domain,'=1+1,1,domain=attribute > dns=event > ipv4=attribute\r\n" +
        "ipv4,203.0.113.7,,ipv4=attribute\r\n",
    );
  },
);

async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  match(download.suggestedFilename(), /^cybexp-related-203\.0\.113\.7-2026-09-21\.(?:csv|json)$/);
  return await Deno.readTextFile(await download.path());
}

pageTest(
  "ten thousand values scroll, and are looked through",
  summaryAnswer(
    Array.from({ length: 10_000 }, (_, number) => `host${number}.example.com`),
  ),
  async (page) => {
    const rows = page.locator("#related .space .row");
    const scroller = page.locator("#related .scroller");
    ok(await rows.count() < 100, String(await rows.count()));
    await scroller.evaluate((element) => element.scrollTop = element.scrollHeight);
    await page.getByRole("row", { name: "203.0.113.7" }).waitFor();
    ok(await rows.count() < 100, String(await rows.count()));
    await page.getByLabel("Find").fill("HOST77.");
    match(await textOf(page, "#related [role=status]"), /^1 of 10,001 values$/);
    match(await textOf(page, "#related .space"), /host77\.example\.com/);
    await page.getByLabel("Find").fill("");
    await page.getByLabel("ipv4").check();
    equal(await rows.count(), 1);
  },
);

pageTest(
  "a value that its column cuts can be shown whole",
  summaryAnswer(["a.example", `${"long-".repeat(20)}.example`]),
  async (page) => {
    await page.setViewportSize({ width: 400, height: 900 });
    const row = (name: string) => page.locator("#related .space .row", { hasText: name });
    equal(await row("a.example").getByRole("button").count(), 0);
    await row("long-").getByRole("button").click();
    equal(await textOf(page, "dialog pre"), `${"long-".repeat(20)}.example`);
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 1600, height: 900 });
    await row("long-").getByRole("button").waitFor();
  },
);

pageTest("listed objects and sessions show what they contain", groupsAnswer(), async (page) => {
  deepEqual(await sectionIds(page), ["groups"]);
  const rows = await textOf(page, "#groups .space");
  match(
    rows,
    /file object filename secret, sha256 (?:ab){32}.* cowrie_session session sessionid s1/,
  );
});

pageTest("a page that does not exist says which there are", missingPageAnswer(), async (page) => {
  deepEqual(await sectionIds(page), []);
  equal(await textOf(page, "[role=alert]"), "There is no page 9: there are the pages 1 to 3");
});

const NOTHING = { found: [], events: 0n };

pageTest(
  "what was not found is said",
  {
    qtype: "threatrank",
    ranks: [],
    details: details(NOTHING),
  },
  async (page) => {
    deepEqual(await sectionIds(page), []);
    match(
      await textOf(page, "header"),
      /^ThreatRank of ipv4 203\.0\.113\.7 Events 0 Found as nothing: no event in this range holds it/,
    );
  },
);

pageTest(
  "events outside the range are said",
  {
    qtype: "threatrank",
    ranks: [],
    details: details({
      ...NOTHING,
      outside: { events: 2n, first_seen: 4_102_444_800, last_seen: 4_102_448_400 },
    }),
  },
  async (page) => {
    match(
      await textOf(page, "header"),
      / Outside this range 2 events, from 2100-01-01 01:00:00 to 2100-01-01 02:00:00/,
    );
  },
);
