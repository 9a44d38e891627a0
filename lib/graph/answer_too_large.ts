import { bsonSize } from "../tahoe/bson.ts";
import type { Value } from "../tahoe/value.ts";

/** The data of a report may have so many bytes, in BSON: with its other fields it is one document. */
export const MAX_ANSWER = 15 * 1024 * 1024;

/** The answer to a question would be larger than {@link MAX_ANSWER}, or takes too long to find. */
export class AnswerTooLarge extends Error {
  override name = "AnswerTooLarge";

  /** `fault` says which. */
  constructor(fault = "the report would be larger than 15 MiB", options?: ErrorOptions) {
    super(
      `${fault}: ask for a shorter time, a lower level, one category or return_type, or for a summary`,
      options,
    );
  }
}

/** Adds up what an answer holds while it is gathered, so that memory is not spent on one too large. */
export class AnswerSize {
  #bytes = 0;

  /** Throws {@link AnswerTooLarge} once all values together are. */
  add(value: Value): void {
    this.#bytes += bsonSize(value);
    if (this.#bytes > MAX_ANSWER) throw new AnswerTooLarge();
  }
}
