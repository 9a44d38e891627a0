import { bsonSize } from "../tahoe/bson.ts";
import type { Value } from "../tahoe/value.ts";
import { AnswerTooLarge, MAX_ANSWER } from "./answer_too_large.ts";

/** Adds up what an answer holds while it is gathered, so that memory is not spent on one too large. */
export class AnswerSize {
  #bytes = 0;

  /** Throws {@link AnswerTooLarge} once all values together are. */
  add(value: Value): void {
    this.#bytes += bsonSize(value);
    if (this.#bytes > MAX_ANSWER) throw new AnswerTooLarge();
  }
}
