/** Hyphens that text processors put in place of `-`, and what people type instead. */
const MARK = String.raw`[-\u2010-\u2015\u2212_ :]`;
const LOOSE_CVE = new RegExp(`^CVE${MARK}{0,2}([0-9]{4})${MARK}([0-9]{4,19})$`, "i");

/**
 * Reads a CVE id of any spelling, such as `cve_2021_44228` or `CVE 2021-44228`, as `CVE-2021-44228`;
 * undefined for other texts.
 */
export function readCve(text: string): string | undefined {
  const [, year, number] = LOOSE_CVE.exec(text) ?? [];
  return year === undefined ? undefined : `CVE-${year}-${number}`;
}
