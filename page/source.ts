import type { AboutAnswer } from "../lib/answers/export/page/about_answer.ts";

/** An answer as it comes: in the words of `--json`, and what the page is told beside it. */
export type SourcedAnswer = { readonly about: AboutAnswer; readonly json: string };

/** Where the page gets its answer from. */
export type AnswerSource = { load(): Promise<SourcedAnswer> };

/** The answer that the page itself contains. */
export const EMBEDDED_ANSWER: AnswerSource = {
  load() {
    const about = JSON.parse(contentOf("about")) as AboutAnswer;
    return Promise.resolve({ about, json: contentOf("answer") });
  },
};

function contentOf(id: string): string {
  const content = document.getElementById(id)?.textContent;
  if (content) return content;
  throw new Error(`The file is damaged: it has no part "${id}". Export the answer again`);
}
