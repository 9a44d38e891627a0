/** Forms of a time that the existing system reads, but the closed list of the contract excludes. */
const REFUSED = {
  "a number in a form that only Python reads":
    /^\s*[-+]?(?:nan|inf(?:inity)?)\s*$|_|(?![0-9])\p{Nd}/iu,
  "a zone name": /:\d\d\s*(?!UTC|GMT|[AP]M)[a-z]{2,5}$/i,
  "year and month alone": /^(?:[a-z]+ \d{4}|\d{4}-\d\d)$/i,
  "a time alone": /^(?:\d\d?:\d\d(?::\d\d)?|\d\d?\s*[ap]m)$/i,
  "a year of two digits": /^\d\d?[-\/.]\d\d?[-\/.]\d\d(?!\d)/,
  "an ordinal": /\d(?:st|nd|rd|th)\b/i,
  "the name of a month, neither whole nor of three letters": /\bsept\b/i,
  "a day or month first with a separator that needs the year first": /^\d\d?([-.])\d\d?\1\d{4}/,
  "the year before a month's name": /^\d{4} [a-z]/i,
};

/** Recognises times that the contract refuses although the existing system reads them. */
export function isRefusedForm(text: string): boolean {
  return Object.values(REFUSED).some((form) => form.test(text));
}
