import { plainName } from "./column_names.ts";

/** Columns that judge an indicator, in words. */
const VERDICT_COLUMN =
  /^(?:classification|verdict|disposition|assessment|judge?ment|reputation|category|status|state|label|action|listtype|threat(?:type|level)?)$/;
const HARMLESS =
  /^(?:benign|harmless|clean|safe|good(?:ware)?|known[ _-]?good|trusted|legit(?:imate)?|white-?list(?:ed)?|allow(?:ed|-?list(?:ed)?)?|permit(?:ted)?|pass|exempt(?:ed)?|exclude[ds]?|ignored?|false[ _-]?positive|fp|not?n?[ _-]?malicious|inactive|expired|disabled|deactivated|revoked|retired|deprecated)$/i;
/** Columns that are true of an indicator to look for, and columns that are false of it. */
const MALICIOUS_COLUMN =
  /^(?:is)?(?:malicious|toids|bad|active|enabled|valid|abuseconfidencescore)$/;
const HARMLESS_COLUMN =
  /^(?:is)?(?:white-?listed|allow-?listed|falsepositive|fp|riot|benign|harmless|deleted|revoked|expired|inactive|disabled)$/;
const NO = /^(?:0|false|no|n|f|off)$/i;
const YES = /^(?:1|true|yes|y|t|on)$/i;

/** Makes a test of rows: whether they say themselves that they are not to be looked for. */
export function harmlessRowTest(names: readonly string[]): (cells: readonly string[]) => boolean {
  const tests = names.map((name) => {
    const plain = plainName(name);
    if (VERDICT_COLUMN.test(plain)) return HARMLESS;
    if (MALICIOUS_COLUMN.test(plain)) return NO;
    return HARMLESS_COLUMN.test(plain) ? YES : undefined;
  });
  return (cells) => tests.some((test, column) => test?.test(cells[column] ?? ""));
}
