/**
 * Abbreviations that the runtime's time zone data (ICU) accepts besides IANA's names; most of them
 * stand for several zones. EST, MST and HST, which look like them, are IANA names.
 */
const ABBREVIATIONS = new Set(
  ("ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST " +
    "SST VST").split(" "),
);

/**
 * Returns an IANA time zone name, whose case does not matter, in the runtime's spelling; a name that
 * the runtime replaces by another one, such as CET or Asia/Kolkata, as it was given. Undefined if
 * there is no such name. Offsets such as +05:00 and abbreviations such as PST are not names.
 */
export function ianaTimeZone(name: string): string | undefined {
  if (ABBREVIATIONS.has(name.toUpperCase()) || /^(?:[-+]|SystemV\/)/i.test(name)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
