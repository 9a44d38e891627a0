import type { PageQuestion } from "./answer.ts";
import type { Fact } from "./facts.ts";
import { valueList } from "./value_list.ts";

/** What was seen near a value that was not. */
export type NearValues = Pick<PageQuestion, "within" | "addresses">;

/** Shows what was seen near a value that was not. */
export function nearFacts({ within, addresses }: NearValues): Fact[] {
  return [
    ...(within === undefined ? [] : [["But within", ...valueList(within)] as const]),
    ...(addresses === undefined ? [] : [["But in it", ...valueList(addresses)] as const]),
  ];
}
