import { attribute } from "../tahoe/attribute.ts";
import type { Scalar } from "../tahoe/value.ts";
import type { Held, Verdict } from "./graph.ts";

/** The attribute that a question is about; it need not be stored. */
export type Asked = {
  readonly subType: string;
  readonly data: Scalar;
  /** How it is to be seen in the events that hold it. */
  readonly context: Verdict;
};

/** What the events of a question hold. Throws as {@link attribute} does. */
export function heldBy({ subType, data, context }: Asked): Held {
  return { hash: attribute(subType, data)._hash, context };
}
