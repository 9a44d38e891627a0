import type { Hash } from "../../../tahoe/instance.ts";
import { lookUp, type LookupAnswer, type LookupOptions } from "../../../tdql/lookup.ts";
import { startProgress } from "../../progress.ts";
import type { GivenValue } from "../../../pasted/given_values.ts";
import { answeredValue, type LookupRow } from "../../../answers/lookup_row.ts";

/**
 * Answers values in chunks, in order. `orgnames` has the names of the organisations whose events may
 * be seen, by hash. Shows progress on standard error if that is a terminal.
 */
export async function* answerValues(
  values: readonly GivenValue[],
  options: LookupOptions & { readonly orgnames: ReadonlyMap<Hash, string> },
): AsyncIterable<readonly LookupRow[]> {
  const { orgnames } = options;
  const progress = startProgress("Looking up", values.length);
  try {
    let next = 0;
    const indicators = values.map((each) => "meaning" in each ? each.meaning.attributes : []);
    for await (const answers of lookUp(indicators, options)) {
      yield answers.map((answer) => toRow(values[next++]!, answer, orgnames));
      progress.add(answers.length);
    }
  } finally {
    progress.stop();
  }
}

function toRow(
  given: GivenValue,
  answer: LookupAnswer,
  orgnames: ReadonlyMap<Hash, string>,
): LookupRow {
  if ("reason" in given) return { value: given.value, reason: given.reason };
  const { value, meaning: { normal: asked } } = given;
  return answeredValue({ value, asked }, answer, orgnames);
}
