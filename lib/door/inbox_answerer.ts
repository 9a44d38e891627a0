import type { PublicKey } from "../envelope/key.ts";
import { DamagedInstance } from "../errors.ts";
import type { TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { type AskedQuestion, failedAnswer } from "../tdql/answer.ts";
import { askInbox, statusOf } from "../tdql/ask.ts";
import type { Inbox } from "../tdql/inbox.ts";
import type { Notifications } from "../tdql/notifications.ts";
import type { Answerer, AnswererOptions, EndedQuestion } from "./answerer.ts";
import { findEnd, findKnown, hashOfQuestion, isStillVisible } from "./known_answers.ts";
import { LateAnswers } from "./late_answers.ts";
import type { QuestionLimit } from "./question_limit.ts";
import { Refusal } from "./refusal.ts";
import { SharedWork } from "./shared_work.ts";

export type InboxAnswererOptions = {
  readonly inbox: Pick<Inbox, "ask" | "find">;
  readonly reports: InstanceStore;
  readonly identity: InstanceStore;
  readonly notifications: Notifications;
  readonly questions: QuestionLimit;
  /** Key of the report program; undefined if there is none, so that nothing can be asked. */
  readonly key: PublicKey | undefined;
  /** Returns seconds since 1970. */
  readonly now: () => number;
};

/** Has report workers answer, by the inbox. */
export class InboxAnswerer implements Answerer {
  readonly #options: InboxAnswererOptions;
  readonly #asking = new SharedWork<EndedQuestion | undefined>();
  readonly #late = new LateAnswers<true>();

  constructor(options: InboxAnswererOptions) {
    this.#options = options;
  }

  async ask(
    asked: AskedQuestion,
    { redo, ms }: AnswererOptions,
  ): Promise<EndedQuestion | undefined> {
    const { questions, now } = this.#options;
    const hash = hashOfQuestion(asked, now());
    const isLate = this.#late.take(hash) ?? false;
    const known = redo && !isLate ? undefined : await findKnown(hash, this.#options);
    if (known?.ended !== undefined && await isStillVisible(known.ended.report, this.#options)) {
      return known.ended;
    }
    const isProcessing = known !== undefined && statusOf(known.query) === "processing";
    const ended = isProcessing ? undefined : await questions.run(
      asked.userid,
      () => this.#asking.run(hash, () => this.#ask(asked, ms)),
    );
    if (ended === undefined) this.#late.keep(hash, true);
    return ended;
  }

  async #ask(
    { qtype, question, userid }: AskedQuestion,
    ms: number,
  ): Promise<EndedQuestion | undefined> {
    const { inbox, reports, notifications, key, now } = this.#options;
    if (key === undefined) {
      throw new Refusal(
        503,
        "Cannot ask: this server has no public key to seal questions with. " +
          "Its operator sets archive.public_key, or starts it with --answer-here",
      );
    }
    const signal = AbortSignal.timeout(ms);
    const timestamp = now();
    const options = { inbox, notifications, userid, key, timestamp, signal };
    const query = await askInbox(qtype, question, options);
    return query && await findEndOrFault(reports, query, now());
  }
}

/** Finds how a query ended: in a failed report if its own cannot be read. */
async function findEndOrFault(
  reports: Pick<InstanceStore, "get">,
  query: TahoeObject,
  timestamp: number,
): Promise<EndedQuestion | undefined> {
  try {
    return await findEnd(reports, query);
  } catch (error) {
    if (error instanceof DamagedInstance) return failedAnswer(query, error, timestamp);
    throw error;
  }
}
