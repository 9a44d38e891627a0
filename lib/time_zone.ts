/**
 * Names that the runtime's time zone data (ICU) knows besides IANA's; for most of them it is unclear
 * which zone is meant. EST, MST and HST, which look alike, are IANA's.
 */
const ABBREVIATIONS = new Set(
  ("ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST " +
    "SST VST").split(" "),
);

/**
 * The runtime's spelling of an IANA time zone name, given in any case; undefined if there is no such
 * name. Offsets such as +05:00 and abbreviations such as PST are not names.
 */
export function ianaTimeZone(name: string): string | undefined {
  if (ABBREVIATIONS.has(name.toUpperCase()) || /^(?:[-+]|SystemV\/)/i.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
