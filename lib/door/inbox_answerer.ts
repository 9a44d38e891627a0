import type { PublicKey } from "../envelope/key.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { AskedQuestion } from "../tdql/answer.ts";
import { askInbox, statusOf } from "../tdql/ask.ts";
import type { Inbox } from "../tdql/inbox.ts";
import type { Notifications } from "../tdql/notifications.ts";
import type { Answerer, AnswererOptions, EndedQuestion } from "./answerer.ts";
import { findEnd, findKnown, hashOfQuestion } from "./known_answers.ts";
import type { QuestionLimit } from "./question_limit.ts";
import { Refusal } from "./refusal.ts";
import { SharedWork } from "./shared_work.ts";

export type InboxAnswererOptions = {
  readonly inbox: Pick<Inbox, "ask" | "find">;
  readonly reports: InstanceStore;
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

  constructor(options: InboxAnswererOptions) {
    this.#options = options;
  }

  async ask(
    asked: AskedQuestion,
    { redo, ms }: AnswererOptions,
  ): Promise<EndedQuestion | undefined> {
    const { questions, now } = this.#options;
    const hash = hashOfQuestion(asked, now());
    const known = redo ? undefined : await findKnown(hash, this.#options);
    if (known?.ended !== undefined) return known.ended;
    if (known !== undefined && statusOf(known.query) === "processing") return undefined;
    return await questions.run(
      asked.userid,
      () => this.#asking.run(hash, () => this.#ask(asked, ms)),
    );
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
    const ended = await askInbox(qtype, question, options);
    return ended && await findEnd(reports, ended);
  }
}
