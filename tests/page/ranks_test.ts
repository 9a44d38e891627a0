import { equal, match } from "../assert.ts";
import type { QueryResult } from "../../lib/answers/answer_content.ts";
import { rankAnswer } from "./answers.ts";
import { pageTest, textOf } from "./browser.ts";

/** Ranks of which the malicious one is there several times. */
function repeatedAnswer(times: number): QueryResult {
  const answer = rankAnswer("http://x.example/") as QueryResult & { readonly qtype: "threatrank" };
  const [ranked, malicious] = answer.ranks;
  return { ...answer, ranks: [malicious!, ranked!, ...Array(times - 1).fill(malicious)] };
}

pageTest(
  "what holds for ten ranks is said once, and the ranks are shown on demand",
  repeatedAnswer(10),
  async (page) => {
    equal(await page.locator("#ranks article").count(), 2);
    const ranks = await textOf(page, "#ranks");
    equal(ranks.split("malicious itself").length, 2);
    match(ranks, /−1 10 events Each event is malicious itself; no path is needed\. Show the 10 /);
    const events = page.locator("#ranks article").first().locator("li");
    equal(await events.first().isVisible(), false);
    await page.getByText("Show the 10 events").click();
    match(await events.last().innerText(), /^login\s+2023-11-14 23:13:20\s+malicious/);
    equal(await events.count(), 10);
  },
);
