import type { AskedQuestion } from "../tdql/answer.ts";
import type { Report } from "../tahoe/instance.ts";

export type AnswererOptions = {
  /** Whether to answer anew what was answered within the hour. */
  readonly redo: boolean;
  /** Whether the report has to be stored. Report workers store all. */
  readonly store: boolean;
  /** Milliseconds to wait for the answer. */
  readonly ms: number;
};

/** How a question ended: with its answer, or with the reason why there is none. */
export type EndedQuestion = { readonly status: "ready" | "failed"; readonly report: Report };

/** Who answers questions: report workers, or this process. */
export interface Answerer {
  /**
   * Asks a question. Returns undefined if it is still being worked on: then the next call for it gets
   * this answer, once it is there. A report from before the user's organisations changed is not taken.
   *
   * @throws {Refusal} when the caller has too many questions, or questions cannot be sealed.
   * @throws {StoreUnavailable} when a database cannot be reached.
   */
  ask(question: AskedQuestion, options: AnswererOptions): Promise<EndedQuestion | undefined>;
}
