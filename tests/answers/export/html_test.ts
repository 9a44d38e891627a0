import { deepEqual, equal, match, ok } from "../../assert.ts";
import { createHash } from "node:crypto";
import { type QueryResult } from "../../../lib/answers/answer_content.ts";
import { writeHtml } from "../../../lib/answers/export/html.ts";
import { jsonAnswer } from "../../../lib/answers/json_answer.ts";
import { jsonText } from "../../../lib/json_text.ts";
import {
  countAnswer,
  hashAnswer,
  HOSTILE_TEXTS,
  listingAnswer,
  OTHER_SCALARS,
  ranksAnswer,
  summaryAnswer,
  summaryGraphAnswer,
} from "./answers.ts";

/** The contents of all elements of a name that take no other elements, in order. */
function contents(html: string, name: "script" | "style"): string[] {
  const found = html.matchAll(new RegExp(`<${name}[^>]*>([^]*?)</${name}>`, "g"));
  return [...found].map(([, content]) => content!);
}

function sourceHash(content: string): string {
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}

Deno.test("writeHtml allows its own script and style, and nothing else", () => {
  const html = writeHtml(countAnswer(3n));
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)!;
  const [about, answer, script] = contents(html, "script");
  const [style] = contents(html, "style");
  deepEqual(policy!.split("; "), [
    "default-src 'none'",
    `script-src ${sourceHash(script!)}`,
    `style-src ${sourceHash(style!)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  deepEqual(JSON.parse(about!), { qtype: "count", organisations: {} });
  equal(JSON.parse(answer!).data, 3);
  match(html, /Content-Security-Policy[^]*<style/);
});

Deno.test("writeHtml writes everything that is outside the data without knowing it", () => {
  const shell = (result: QueryResult) =>
    writeHtml(result).replace(/(<script type="application\/json"[^>]*>)[^]*?(<\/script>)/g, "$1$2");
  const expected = shell(listingAnswer("harmless"));
  for (const text of HOSTILE_TEXTS) ok(shell(listingAnswer(text)) === expected, text.slice(0, 40));
});

Deno.test("writeHtml contains the answer as --json writes it, whatever the values are", () => {
  const values = [...HOSTILE_TEXTS, ...OTHER_SCALARS];
  const answers = [
    countAnswer(1n),
    summaryAnswer(values),
    summaryGraphAnswer(values),
    hashAnswer(),
    ...HOSTILE_TEXTS.slice(0, 5).flatMap((text) => [listingAnswer(text), ranksAnswer(text)]),
  ];
  for (const result of answers) {
    const [, answer] = contents(writeHtml(result), "script");
    equal(answer!.includes("<"), false);
    equal(answer!.replaceAll("\\u003c", "<"), jsonText(jsonAnswer(result)));
  }
});

Deno.test("writeHtml names the organisations of the asker by their hashes", () => {
  const organisations = new Map([["a".repeat(64), "</script>"]]);
  const [about] = contents(writeHtml({ ...listingAnswer("x"), organisations }), "script");
  match(about!, /"a{64}": "\\u003c\/script>"/);
});
