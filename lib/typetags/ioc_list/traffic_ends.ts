import { EITHER_END } from "./unread_columns.ts";

const ADDRESS = String.raw`\[?[0-9a-f.:]{3,45}\]?`;
const SOURCE =
  "src|source|saddr|(?:src|source|local|client|orig)[_ ]?(?:ip|addr(?:ess)?)|local|client|source_?network";
const DESTINATION =
  "dst|dest|destination|daddr|(?:dst|dest|destination|remote|server|resp)[_ ]?(?:ip|addr(?:ess)?)|remote|server";

/** An address that a log names as one end of traffic: `SRC=192.0.2.1:80`, `dst_ip: "2001:db8::1"`, `src outside:192.0.2.1/80`. */
const END = new RegExp(
  String.raw`(?<![\w-])(?:(${SOURCE})|${DESTINATION})` +
    String
      .raw`(?:\s?[=:]\s?|\s(?:\w{1,20}:)(?=[^\s/]+\/\d))["']?${ADDRESS}(?:\/\d{1,5})?(?![\w.:-])`,
  "gi",
);

/** Both ends beside each other: `192.0.2.1:1234 -> 198.51.100.5:22`, `from 192.0.2.1 port 1 to 198.51.100.5 port 2`. */
const BOTH_ENDS = new RegExp(
  [
    String.raw`(?<![\w.:-])${ADDRESS}[:/]\d{1,5}\s?[-=]{0,2}>\s?${ADDRESS}[:/]\d{1,5}(?![\w.-])`,
    String.raw`\bfrom ${ADDRESS}(?::| port )\d{1,5} (?:to|on) ${ADDRESS}(?::| port )\d{1,5}\b`,
  ].join("|"),
  "gi",
);

/** Why such a line brings nothing. */
export const BOTH_ENDS_SKIPPED = `both ends of traffic: ${EITHER_END}`;

/**
 * A line of a log without the addresses at both ends of traffic, of which either may be the victim;
 * other lines as they stand.
 */
export function withoutTrafficEnds(line: string): string {
  const ends = new Set([...line.matchAll(END)].map(([, source]) => source !== undefined));
  const rest = ends.size === 2 ? line.replaceAll(END, " ") : line;
  return rest.replaceAll(BOTH_ENDS, " ");
}
