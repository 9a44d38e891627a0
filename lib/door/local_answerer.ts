import type { PublicKey } from "../envelope/key.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { canonicalForm } from "../tahoe/canonical.ts";
import { sha256 } from "../tahoe/hash.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { type AnswerOptions, answerQueryData, type AskedQuestion } from "../tdql/answer.ts";
import { writeBytesLiteral } from "../tdql/bytes_literal.ts";
import type { Inbox } from "../tdql/inbox.ts";
import { tdql } from "../tdql/tdql.ts";
import type { Answerer, AnswererOptions, EndedQuestion } from "./answerer.ts";
import { findKnown, hashOfQuestion, isStillVisible } from "./known_answers.ts";
import { LateAnswers } from "./late_answers.ts";
import type { QuestionLimit } from "./question_limit.ts";
import { SharedWork, within } from "./shared_work.ts";

export type LocalAnswererOptions = AnswerOptions & {
  readonly inbox: Pick<Inbox, "ask" | "find">;
  readonly reports: InstanceStore;
  readonly questions: QuestionLimit;
  /** Key with which the questions are sealed that are stored; without it, they are not sealed. */
  readonly key: PublicKey | undefined;
  /** Called with the error of a question that failed through no fault of its own. */
  readonly onError: (error: unknown) => void;
};

/**
 * Answers in this process. Query and report can be stored all the same, once the answer is known: what
 * was asked within the hour is answered from there, whoever answers.
 */
export class LocalAnswerer implements Answerer {
  readonly #options: LocalAnswererOptions;
  readonly #answering = new SharedWork<EndedQuestion>();
  readonly #late = new LateAnswers<Promise<EndedQuestion>>();

  constructor(options: LocalAnswererOptions) {
    this.#options = options;
  }

  async ask(
    asked: AskedQuestion,
    { redo, store, ms }: AnswererOptions,
  ): Promise<EndedQuestion | undefined> {
    const { questions, now } = this.#options;
    const hash = hashOfQuestion(asked, now());
    const known = redo ? undefined : await findKnown(hash, this.#options);
    if (known?.ended !== undefined && await isStillVisible(known.ended.report, this.#options)) {
      return known.ended;
    }
    const work = store ? hash : `${hash} unstored`;
    const late = this.#late.take(work);
    const answering = late ?? questions.run(
      asked.userid,
      () => this.#answering.run(work, () => this.#answer(asked, { store })),
    );
    const ended = await within(answering, ms);
    if (ended === undefined) this.#late.keep(work, answering);
    const isHidden = late !== undefined && ended !== undefined &&
      !await isStillVisible(ended.report, this.#options);
    return isHidden ? await this.ask(asked, { redo, store, ms }) : ended;
  }

  async #answer(
    asked: AskedQuestion,
    { store }: Pick<AnswererOptions, "store">,
  ): Promise<EndedQuestion> {
    const { inbox, reports, key, now, onError } = this.#options;
    const timestamp = now();
    const { status, report, error } = await answerQueryData(asked, this.#options);
    if (error !== undefined) onError(error);
    if (!store) return { status, report };
    const { query, parts } = tdql({
      ...await storedQuestion(asked, key),
      timestamp,
      status,
      reportId: report._hash,
    });
    await reports.put([report]);
    await inbox.ask(query, parts);
    return { status, report };
  }
}

async function storedQuestion({ qtype, question, userid }: AskedQuestion, key?: PublicKey) {
  const text = canonicalForm(question);
  const bytes = new TextEncoder().encode(text);
  const qdata = writeBytesLiteral(key === undefined ? bytes : await sealEnvelope(bytes, key));
  return { qtype, qdata, qhash: sha256(text), userid, encrypted: key !== undefined };
}
