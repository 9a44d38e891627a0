import { bsonSize } from "../tahoe/bson.ts";
import type { Value } from "../tahoe/value.ts";

/**
 * Most bytes of BSON in the data of a report: with its other fields it must fit into one document of
 * 16 MiB.
 */
export const MAX_ANSWER_BYTES = 15 * 1024 * 1024;

const REASONS = {
  size: "the report would be larger than 15 MiB",
  time: "the search took too long",
};

/** The answer to a question is larger than {@link MAX_ANSWER_BYTES}, or takes too long to find. */
export class AnswerTooLarge extends Error {
  override name = "AnswerTooLarge";

  /** `limit` names the limit that was exceeded. */
  constructor(limit: keyof typeof REASONS = "size", options?: ErrorOptions) {
    super(
      `Cannot answer: ${REASONS[limit]}; ask for a shorter time, a lower level, one category or ` +
        "return_type, or for a summary",
      options,
    );
  }
}

/** Running total of an answer's size, so that no memory is spent on an answer that is too large. */
export class AnswerSize {
  #bytes = 0;

  /** @throws {AnswerTooLarge} when all values together exceed the limit. */
  add(value: Value): void {
    this.#bytes += bsonSize(value);
    if (this.#bytes > MAX_ANSWER_BYTES) throw new AnswerTooLarge();
  }
}
