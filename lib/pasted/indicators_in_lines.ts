import { type GivenValues, readValue } from "./given_values.ts";
import { lineIndicators } from "./line_indicators.ts";
import { hasWord, NO_INDICATOR } from "./read_lines.ts";

/** The indicators in lines of a text that is not a list, in which other lines are only counted. */
export function indicatorsInLines(texts: readonly string[]): GivenValues {
  const lines = texts.flatMap((each) => each.split(/[\r\n]+/)).filter(hasWord);
  const found = lines.map((line) => lineIndicators(line.trim()));
  const empty = found.filter((indicators) => indicators.length === 0).length;
  return {
    values: found.flat().map(({ subType, data }) => readValue(String(data), subType)),
    skipped: new Map(empty === 0 ? [] : [[NO_INDICATOR, empty]]),
  };
}
