/** What the existing system reads as a time and the contract refuses, or leaves out of its closed list. */
const REFUSED = {
  "a number in a form of Python's own": /^\s*[-+]?(?:nan|inf(?:inity)?)\s*$|_|(?![0-9])\p{Nd}/iu,
  "a zone name": /:\d\d\s*(?!UTC|GMT|[AP]M)[a-z]{2,5}$/i,
  "year and month alone": /^(?:[a-z]+ \d{4}|\d{4}-\d\d)$/i,
  "a time alone": /^(?:\d\d?:\d\d(?::\d\d)?|\d\d?\s*[ap]m)$/i,
  "a year of two digits": /^\d\d?[-\/.]\d\d?[-\/.]\d\d(?!\d)/,
  "an ordinal": /\d(?:st|nd|rd|th)\b/i,
  "a month's name that is neither full nor short": /\bsept\b/i,
  "no year first where the separator demands it": /^\d\d?([-.])\d\d?\1\d{4}/,
  "the year before a month's name": /^\d{4} [a-z]/i,
};

export function isRefusedForm(text: string): boolean {
  return Object.values(REFUSED).some((form) => form.test(text));
}
