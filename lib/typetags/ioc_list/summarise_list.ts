import { Rejected } from "../../errors.ts";
import { type IndicatorList, readList } from "./read_list.ts";

/** What a text would come to as a list of indicators. */
export type ListSummary = {
  /** Number of different indicators; 0 if it is not a list but, for example, a web page. */
  readonly indicators: number;
  /** What it is instead, if that is known: `a robots.txt`. */
  readonly otherKind?: string;
};

export function summariseList(text: string): ListSummary {
  const list = readUnlessRefused(text);
  const otherKind = list?.otherKind;
  if (otherKind !== undefined) return { indicators: 0, otherKind };
  return { indicators: new Set(list?.indicators.map(({ data }) => data)).size };
}

function readUnlessRefused(text: string): IndicatorList | undefined {
  try {
    return readList({ data: text });
  } catch (error) {
    if (error instanceof Rejected) return undefined;
    throw error;
  }
}
