import { QueryError } from "./query_error.ts";

// The runtime's time zone data (ICU) knows these besides IANA's names; of most of them it is doubtful
// which zone is meant. EST, MST and HST, which look alike, are IANA's.
const ABBREVIATIONS = new Set(
  ("ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST " +
    "SST VST").split(" "),
);

/**
 * The runtime's spelling of an IANA time zone name, given in any case; UTC for an empty text.
 *
 * @throws {QueryError} InvalidParameterValue if there is no such name.
 */
export function zoneNamed(name: string): string {
  if (name === "") return "UTC";
  const foreign = ABBREVIATIONS.has(name.toUpperCase()) || /^(?:[-+]|SystemV\/)/i.test(name);
  const zone = foreign ? undefined : resolved(name);
  if (zone !== undefined) return zone;
  throw new QueryError(
    "InvalidParameterValue",
    "tzname is no IANA time zone: give a name such as America/Los_Angeles or UTC",
  );
}

function resolved(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
